"""The page: what it says, what it never does, and that it says the same in both languages."""

import base64
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from support.report_pages import (
    EVIL,
    MADE_UP,
    NOTHING,
    PAGE,
    WITHOUT_TMDB,
    cost_row,
    person,
    rating_row,
    render_page,
    translator,
    trend_rows,
    variant,
)

from datalake.core.errors import SettingsError
from datalake.questions.people.story import how_sure
from datalake.questions.popularity_cost.story import relation
from datalake.questions.popularity_cost.story import tell as tell_cost
from datalake.questions.ratings.story import tell as tell_ratings
from datalake.questions.registry import QUESTIONS
from datalake.questions.trends.story import tell
from datalake.report.grids import sensitivity_grid
from datalake.report.i18n import LANGUAGES, Translator
from datalake.report.script import to_json
from datalake.report.sections import write_section


class Parsed(HTMLParser):
    """The page as a browser sees it: tags with attributes, text by element and language."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self._open, self.scripts = [], {}, "", {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._open = attributes.get("id", tag) if tag == "script" else tag
        self.tags.append((tag, attributes))

    def handle_data(self, data):
        if self._open in ("texts", "facts", "lake"):
            self.scripts[self._open] = data
        self.text[self._open] = self.text.get(self._open, "") + data

    def handle_endtag(self, tag):
        self._open = {"strong": "p"}.get(tag, tag)

    def texts(self, language):
        """The texts and charts that the page's script reads."""
        return json.loads(self.scripts["texts"])[language]

    def lake(self):
        """The columns that the page's script unpacks."""
        return json.loads(gzip.decompress(base64.b64decode(self.scripts["lake"])))


@pytest.fixture(scope="module")
def html():
    return render_page(PAGE)


@pytest.fixture(scope="module")
def page(html):
    return Parsed(html)


@pytest.fixture(scope="module")
def empty():
    return Parsed(render_page(NOTHING, "pt-BR"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Bigger-budget films are more popular on TMDB: a strong relation"
        " (ρ = 0.56; 0.53 to 0.59; 5,321 films).",
        "The data show no relation of a film's budget with its IMDb votes"
        " (ρ = 0.02; −0.01 to 0.05; 5,321 films).",
        "genre by genre: War 0.40 (0.31 to 0.48; 5,321 films), with no difference shown from the"
        " others",
        "5,321 of 25,444 films (21%) have a known budget.",
        "is 4.5 in the quarter with the smallest budgets and 12.3 in the quarter with the biggest.",
        "Films with a known budget have a median of 9,000 IMDb votes, the others 2,000",
        "popularity 5.4% (IMDb's alone 3.4%, TMDB's alone 5.8%; both 2.0% to 9.0%)",
        "Films have no longevity in these data",
        "is first with 8.25 of 10 (7.50 to 9.00; 7 titles). The intervals of 1 of the 2 others",
        "Directors: Cy is first with 8.25 of 10 (8.10 to 9.00; 7 titles), and no other interval",
        "Leading actors: too few are listed (1) for the data to give an order.",
        "Film length, by least squares: from 1990 to 1996 (1994 to 1999) longer by 2.1"
        " minutes a decade (1.8 to 2.4); from 1996 to 2005 no change shown (0.0 minutes a decade;"
        " −0.2 to 0.2).",
        "Over all years films have become longer by 2.1 minutes a decade (Theil–Sen: 1.8 to 2.4);"
        " the median of 750 films is 90.5 minutes.",
        "Over all years seasons have lost 1.3 episodes a decade (Theil–Sen: 0.9 to 1.5);",
        "Films: IMDb's rating tracks return on budget (ρ IMDb 0.31, TMDB 0.22;"
        " 4,321 titles) more closely; TMDB's rating tracks votes on both sites (",
        "Series: no difference that the data can show for seasons (",
        "Creators: the role's mean of 6.31 weighs as much as 2.7 works.",
        "TMDB popularity: without a known budget: 20,123",
        "This question has 2 answers, each a look that can err; still certain with all of them"
        " counted (Holm): 1.",
        "1 of 2 other ways to compute it say the same",
        "The same person is first in 1 of 1 other ways to compute it.",
        "Against titles of the same kind, genre, decade and fame:",
        "film length changes by 1.1 minutes a decade (0.9 to 1.2).",
        "the verdict stays the same for 3 of 4 outcomes.",
        "Filmes de orçamento maior são mais populares no TMDB: uma relação forte"
        " (ρ = 0,56; 0,53 a 0,59; 5.321 filmes).",
    ],
)
def test_the_page_says_what_the_figures_carry(page, sentence):
    assert sentence in page.text["li"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Among equally well-known films of the same year, bigger-budget films are more popular:"
        " a weak relation (ρ = 0.21; 0.18 to 0.24).",
        "The direction is clear: the 95% interval excludes zero.",
        f"The chance to be truly the best of the list: {EVIL} 34% and Cy 34",
        "The median film ran 91 minutes in the 1990s and 91 minutes in the 2000s;"
        " the median season had 91 episodes in the 1990s and 91 episodes in the 2000s."
        " Counted: 750 of 753 films (over 99%) and 750 of 753 seasons (over 99%).",
        "With three rated works or more: 3 of 9,879 creators (under 1%), 2 of 9,878 directors"
        " (under 1%), and 1 of 9,877 leading actors (under 1%).",
        "Neither rating predicts much: of the differences between films, both ratings together"
        " foretell 5% (return on budget: 4,321 of 4,821 films),",
        "the second adds nothing that the data can show for any outcome.",
        "director Cy (8.25 of 10; 8.10 to 9.00)",
    ],
)
def test_the_top_gives_each_answer_and_how_sure_it_is(page, sentence):
    assert sentence in page.text["p"] + page.text["span"]


ORIGINALS = {
    "q1": "Popularidade vs. custo: como se relacionam o orçamento (API) e a popularidade"
    " (CSV + API)?",
    "q2": "Criadores e elenco: quais criadores, diretores e atores principais acompanham obras"
    " de Crime e Guerra bem avaliadas, tanto no IMDb quanto no TMDB?",
    "q3": "Formato e tendências: como mudaram, ao longo dos anos, a duração dos filmes e o número"
    " de episódios por temporada?",
    "q4": "Avaliações e sucesso: qual prevê melhor a longevidade e o sucesso, a nota do IMDb ou a"
    " do TMDB?",
}


@pytest.mark.parametrize(
    ("data", "language"), [(PAGE, "en"), (PAGE, "pt-BR"), (WITHOUT_TMDB, "pt-BR")]
)
def test_the_four_questions_stand_over_their_answers_as_they_were_first_asked(data, language):
    html = render_page(data, language)
    sections = re.findall(r'<section id="(q\d)" class="question".*?</section>', html, re.DOTALL)
    over_answers = re.findall(
        r'<section id="(q\d)" class="question"[^>]*>\s*<p class="original" lang="pt-BR">(.*?)</p>',
        html,
    )
    assert sections == [*ORIGINALS, "q5"]
    assert over_answers == list(ORIGINALS.items())
    assert html.count('class="original"') == 4


@pytest.mark.parametrize(
    ("low", "high", "claim"),
    [
        (0.01, 0.05, "Bigger-budget films are more popular on TMDB: a negligible relation"),
        (0.05, 0.25, "Bigger-budget films are more popular on TMDB: a negligible to weak relation"),
        (-0.45, -0.35, "Bigger-budget films are less popular on TMDB: a moderate relation"),
        (
            -0.60,
            -0.35,
            "Bigger-budget films are less popular on TMDB: a moderate to strong relation",
        ),
        (0.99, 1.00, "Bigger-budget films are more popular on TMDB: a strong relation"),
        (-0.20, 0.30, "show no relation of a film's budget with its TMDB popularity"),
        (0.00, 0.30, "show no relation of a film's budget with its TMDB popularity"),
    ],
)
def test_no_claim_goes_beyond_its_interval(low, high, claim):
    row = cost_row(rho=(low + high) / 2, ci_low=low, ci_high=high)
    assert claim in relation("tmdb_popularity", row, translator("en"))


@pytest.mark.parametrize(
    ("language", "bends", "periods"),
    [
        ("en", (), "from 1990 to 2005 longer by 2.1 minutes"),
        ("en", ((1996, 1994, 1999),), "from 1990 to 1996 (1994 to 1999) longer by 2.1 minutes"),
        (
            "pt-BR",
            ((1996, 1994, 1999),),
            "de 1990 a 1996 (1994 a 1999), mais longos em 2,1 minutos",
        ),
        (
            "en",
            ((1994, 1992, 1995), (2000, 1998, 2004)),
            "from 1994 to 2000 (1998 to 2004) longer by 2.1 minutes a decade (1.8 to 2.4);"
            " from 2000 to 2005 longer",
        ),
    ],
)
def test_a_bend_is_named_with_its_interval(language, bends, periods):
    *years, trend = trend_rows("film_length", 2.1, 1.8, 2.4)
    names = ("bends", "bends_low", "bends_high")
    shape = {name: [bend[i] for bend in bends] for i, name in enumerate(names)}
    slopes = {"slopes": 2.1, "slopes_low": 1.8, "slopes_high": 2.4}
    shape |= {name: [value] * (len(bends) + 1) for name, value in slopes.items()}
    story = tell([*years, trend | shape], translator(language))
    assert periods in story.answer[0]


@pytest.mark.parametrize(
    ("chance", "expected"),
    [(0, "0%"), (0.004, "under 1%"), (0.01, "1%"), (0.99, "99%"), (0.996, "over 99%"), (1, "100%")],
)
def test_chances_are_not_rounded_to_none_or_to_certain(chance, expected):
    row = person("director", 1, "Cy", chance_of_first=chance)
    assert f"Cy {expected}." in how_sure([row], translator("en"))[0]


@pytest.mark.parametrize(
    ("value", "digits", "english", "portuguese"),
    [
        (None, 2, "–", "–"),
        (-0.0004, 2, "0.00", "0,00"),
        (-1234.5, 1, "−1,234.5", "−1.234,5"),
        (5.425, 2, "5.43", "5,43"),  # in binary a little less
        (0.1 + 0.2, 1, "0.3", "0,3"),
        (2.5, 0, "3", "3"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(value, digits, english, portuguese):
    written = [Translator(language).number(value, digits) for language in LANGUAGES]
    assert written == [english, portuguese]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_lake_says_so(empty, language):
    translate = translator(language)
    assert translate("popularity_cost.tmdb_popularity.unknown", n="0") in empty.text["li"]
    assert translate("people.nobody_at_all") in empty.text["li"]
    assert translate("trends.film_length.unknown") in empty.text["li"]
    assert translate("quality.no_rows", table=translate("quality.quarantine")) in empty.text["p"]


@pytest.fixture(scope="module")
def without_tmdb():
    return Parsed(render_page(WITHOUT_TMDB))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_tmdb_the_page_says_what_is_missing_and_how_to_get_it(without_tmdb, language):
    translate = translator(language)
    for question in ("popularity_cost", "ratings"):
        missing = translate(f"{question}.without_tmdb")
        assert missing in without_tmdb.text["li"]
        assert f"{missing} {translate('how_to_ask_tmdb')}" in without_tmdb.text["p"]
    assert "TMDB_TOKEN" in translate("how_to_ask_tmdb")
    assert translate("people.rated_by.imdb") in without_tmdb.text["li"]
    assert translate("people.leaders_by_imdb", leaders="").strip(" .") in without_tmdb.text["p"]
    assert "TMDB" not in translate.catalogue["title_without_tmdb"]


def test_without_tmdb_the_page_shows_what_imdb_carries_and_no_empty_chart(without_tmdb, page):
    def figures(parsed):
        return {attributes["id"] for tag, attributes in parsed.tags if tag == "figure"}

    shown = {"people", "film_length", "episodes_per_season", "rising", "coverage"}
    assert figures(without_tmdb) == {f"figure-{name}" for name in shown}
    assert figures(page) > figures(without_tmdb)
    assert without_tmdb.texts("en")["specs"].keys() == shown
    steps = json.loads(without_tmdb.scripts["facts"])["shown_steps"]
    assert steps == ["titles", "in_scope", "rated_by_imdb"]
    assert "IMDb files of May 1, 2022" in without_tmdb.text["p"]
    assert "TMDB, responses up to" not in without_tmdb.text["p"]
    assert "This product uses TMDB" not in without_tmdb.text["p"]
    assert "Information courtesy of IMDb" in without_tmdb.text["p"]


def test_size_freshness_and_both_notices_are_on_the_page(page):
    assert "244,543" in page.text["strong"]
    assert "1.045.161" in page.text["strong"]
    fresh = "IMDb files of May 1, 2022 · TMDB, responses up to May 2, 2022"
    assert fresh in page.text["p"]
    assert "movies.csv@2022-05-01#0a1b2c3d4e5f" in page.text["td"]
    assert "1 de maio de 2022" in page.text["span"]
    assert (
        "This product uses TMDB and the TMDB APIs but is not endorsed, certified,"
        " or otherwise approved by TMDB." in page.text["p"]
    )
    assert (
        "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
        in page.text["p"]
    )


def test_a_made_up_page_says_so_and_credits_nobody():
    page = Parsed(render_page(MADE_UP))
    assert "no title, person or figure on this page is real." in page.text["span"]
    assert "nenhum título, pessoa ou número desta página é real." in page.text["span"]
    assert "Source: a made-up sample, nothing in it is real." in page.text["span"]
    for words in ("courtesy of IMDb", "uses TMDB", "IMDb files of May 1, 2022."):
        assert words not in "".join(page.text.values())


def test_a_page_of_somebody_s_data_has_no_such_band(page):
    assert "Made-up sample" not in page.text["span"]


@pytest.mark.parametrize(("quarantined", "answer"), [(116, "yes"), (115, "no")])
def test_a_source_that_does_not_add_up_shows(quarantined, answer):
    row = PAGE.reconciliation[0] | {"quarantined_rows": quarantined, "source": "S"}
    page = render_page(replace(PAGE, reconciliation=[row]))
    assert f"<td>{answer}</td><td>movies.csv@" in page


def test_nothing_on_the_page_asks_the_network(html, page):
    for tag, attributes in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
    policy = [a["content"] for t, a in page.tags if "http-equiv" in a]
    assert policy[0].startswith("default-src 'none'; script-src 'unsafe-inline'; style-src")
    assert "url(" not in page.text["style"]
    assert len(html.encode()) < 1_500_000


def test_text_from_the_sources_stays_text(html, page):
    assert [tag for tag, _ in page.tags].count("script") == 5
    assert "<script>alert" not in html
    assert page.lake()["titles"]["name"][0] == EVIL
    assert EVIL in page.text["td"]


@given(st.text())
def test_no_text_leaves_its_script_element(text):
    written = str(to_json({"title": text}))
    assert "<" not in written
    assert json.loads(written) == {"title": text}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_a_place_words_and_compiles(page, language):
    ids = {a["id"] for _, a in page.tags if "id" in a}
    texts = page.texts(language)
    assert {f"{name}-drawing" for name in texts["specs"]} <= ids
    for name, spec in texts["specs"].items():
        assert texts["catalogue"]["figures"][name]["empty"]
        assert vl_convert.vegalite_to_vega(spec | {"datasets": {"rows": []}})["marks"]


def test_a_screen_reader_finds_its_way(page):
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert dict(page.tags)["html"] == {"lang": "en"}
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "glance").split()) <= set(ids)
        assert attributes.get("href", "#q1").removeprefix("#") in ids


def test_ratings_that_tell_over_a_quarter_are_said_to_predict_that_and_no_more():
    rows = [rating_row("movie", "return", "imdb", skill_both=0.31, gain_low=0.02)]
    rows.append(rating_row("movie", "votes", "imdb", skill_both=0.02))
    headline = tell_ratings(rows, translator("en")).headline
    assert headline.startswith("Ratings predict return on budget: of the differences between films")
    assert "the second adds something for return on budget, and nothing that" in headline
    assert headline.endswith("the data can show for votes on both sites.")


def test_film_length_comes_first_in_whatever_order_the_rows_come():
    film, season = (
        trend_rows(name, 2.1, 1.8, 2.4) for name in ("film_length", "episodes_per_season")
    )
    first, second = tell([*season, *film], translator("en")).sure[:2]
    assert (first.split(",")[0], second.split(",")[0]) == ("Film length", "Episodes per season")


def test_specials_are_no_seasons_that_were_left_out():
    *years, trend = trend_rows("episodes_per_season", 2.1, 1.8, 2.4)
    row = trend | {"left_out": {"special": 900, "no_episodes": 250}}
    headline = tell([*years, row], translator("en")).headline
    assert headline.endswith("Counted: 750 of 1,000 seasons (75%).")


@pytest.mark.parametrize(
    ("question", "adjusted_for"),
    [
        ("q1", "adjusted for fame and year"),
        ("q2", "adjusted for kind, genres, decade and fame"),
        ("q3", "adjusted for genres and fame"),
        ("q4", "adjusted for fame, and for year or decade"),
    ],
)
def test_what_an_answer_is_adjusted_for_is_said_of_each_question(question, adjusted_for):
    rows = [variant(question, "x", name, True) for name in ("as_answered", "adjusted")]
    grid = sensitivity_grid("", lambda name, _: name, rows, translator("en"))
    assert [row[1] for row in grid.rows] == ["as answered", adjusted_for]


def test_a_card_over_the_filters_says_whom_it_speaks_of(html):
    cards = re.findall(r'<li class="card">.*?</li>', html, re.DOTALL)
    assert len(cards) == 10  # five in each language
    assert all(card.count('class="of-all"') == 1 for card in cards)


def test_an_unknown_language_is_a_clear_error():
    with pytest.raises(SettingsError, match="--language fr: not one of en, pt-BR"):
        render_page(PAGE, "fr")


def test_of_each_subject_the_answer_comes_before_the_other_ways(data):
    for question in QUESTIONS:
        grid = write_section(question.chapter, data, translator("en")).sensitivity
        first = {}
        for subject, computed, *_ in grid.rows if grid else ():
            first.setdefault(subject, computed)
        assert set(first.values()) <= {"as answered"}


@pytest.mark.parametrize(
    ("known", "others", "expected"),
    [
        (90, 40, "a median of 90 IMDb votes, the others 40: the answer speaks of the well known."),
        (40, 90, "a median of 40 IMDb votes, the others 90: the answer speaks of the less known."),
        (40, 40, "a median of 40 IMDb votes, the others 40: they are about as well known."),
        (40, 36, "a median of 40 IMDb votes, the others 36: they are about as well known."),
    ],
)
def test_who_has_no_known_budget_is_said_as_it_is(known, others, expected):
    row = cost_row() | {"votes_with_budget": known, "votes_without": others}
    (said,) = (text for text in tell_cost([row], translator("en")).answer if "median of" in text)
    assert said.endswith(expected)
