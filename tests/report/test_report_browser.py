"""The page in a real browser: it draws, filters, speaks two languages, and asks nobody."""

import csv
import io
import json
import re
import struct
import unicodedata
from dataclasses import replace

import pytest
from support.agreement import finding
from support.report_pages import (
    EVIL,
    MADE_UP,
    NOTHING,
    PAGE,
    chart_columns,
    many_times,
    write_page,
)
from support.toy_question import QUESTION as TOY

from datalake.questions.registry import QUESTIONS

pytest.importorskip("playwright", reason="make test-browser installs playwright")
pytest.importorskip("axe_playwright_python", reason="make test-browser installs axe")

from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from support.browser import choose, drawn, open_page

pytestmark = pytest.mark.browser

CHARTS = (
    *("films", "strata", "people", "film_length", "episodes_per_season"),
    *("movie", "series", "longevity", "coverage"),
)

# The texts of charts that reach beyond their drawing.
BEYOND = """[...document.querySelectorAll(".vega-embed text")].filter((text) => {
    const drawing = text.closest("svg").getBoundingClientRect();
    const { left, right } = text.getBoundingClientRect();
    return left < drawing.left - 1 || right > drawing.right + 1;
}).map((text) => text.textContent)"""


def table(page, name):
    """The text of a figure's table, a dictionary a row."""
    headings = page.locator(f"#{name}-table th").all_text_contents()
    cells = page.locator(f"#{name}-table td").all_text_contents()
    width = len(headings)
    rows = (cells[start : start + width] for start in range(0, len(cells), width))
    return [dict(zip(headings, row, strict=True)) for row in rows]


def saved(page, name, kind, encoding="utf-8"):
    """Name and content of a file that the page hands out."""
    page.evaluate(f"document.getElementById('{name}-data').open = true")
    with page.expect_download() as download:
        page.click(f"[data-figure={name}][data-file={kind}]")
    content = download.value.path().read_bytes()
    return download.value.suggested_filename, content.decode(encoding) if encoding else content


def test_every_chart_is_drawn(page):
    for name in CHARTS:
        assert page.locator(f"#{name}-drawing svg").count() == 1, name
        assert page.locator(f"#{name}-empty").is_hidden(), name


def test_the_filters_act_on_every_chart(page):
    before = {name: page.locator(f"#{name}-table tbody").inner_html() for name in CHARTS}
    choose(page, "genre", "1")
    page.fill("#from", "2005")
    drawn(page)
    after = {name: page.locator(f"#{name}-table tbody").inner_html() for name in CHARTS}
    assert {name for name in CHARTS if before[name] == after[name]} == {"coverage"}
    page.click("#reset")
    drawn(page)
    again = {name: page.locator(f"#{name}-table tbody").inner_html() for name in CHARTS}
    assert again == before


def test_a_filter_shows_what_it_leaves(page, data):
    choose(page, "kind", "movie")
    choose(page, "genre", "several")
    page.locator("#films-chart").scroll_into_view_if_needed()
    page.locator("#films-data summary").click()
    assert {row["Genres"] for row in table(page, "films")} == {"Crime · War"}
    page.fill("#from", "2010")
    page.fill("#to", "2012")
    drawn(page)
    assert {row["Year"] for row in table(page, "films")} <= {"2010", "2011", "2012"}
    titles = data.chart_data["titles"]
    left = sum(
        kind == 0 and genres == 3 and year in (2010, 2011, 2012)
        for kind, genres, year in zip(titles["kind"], titles["genres"], titles["year"], strict=True)
    )
    assert page.locator("#shown").inner_text().startswith(f"{left} of ")


def test_charts_without_data_say_so(page):
    choose(page, "kind", "series")
    for name in ("films", "strata", "film_length", "movie"):
        assert page.locator(f"#{name}-empty").is_visible(), name
        assert page.locator(f"#{name}-chart").is_hidden(), name
    assert page.locator("#series-chart").is_visible()


def test_people_are_found_by_role_and_name(page):
    directors = table(page, "people")
    choose(page, "role", "lead_actor")
    actors = table(page, "people")
    assert actors != directors
    sought = actors[3]["Name"]
    page.fill("#search", sought.upper())
    drawn(page)
    assert {row["Name"] for row in table(page, "people")} == {sought}
    assert actors[3] in table(page, "people")
    page.fill("#search", "nobody of this name")
    drawn(page)
    assert page.locator("#people-empty").is_visible()


@pytest.fixture
def alike(chromium, tmp_path):
    """A page of twelve directors with the same ratings, each of five films."""
    titles, ratings = range(60), [5.1, 6.3, 7.2, 6.0, 6.4] * 12
    columns = chart_columns(
        id=[f"tt{title}" for title in titles],
        name=[f"Film {title}" for title in titles],
        year=[2000] * 60,
        imdb_votes=[1_000 - title for title in titles],
        imdb_rating=ratings,
        tmdb_rating=ratings,
        collection=[None] * 60,
    )
    columns |= {
        "credits": {
            **{"role": ["director"] * 60, "person": [title // 5 for title in titles]},
            "title": [*titles],
        },
        "people": [f"Person {person}" for person in range(12)],
        "person_keys": [str(person) for person in range(12)],
    }
    opened = open_page(chromium, write_page(replace(PAGE, chart_data=columns), tmp_path))
    yield opened
    assert opened.complaints == []
    opened.context.close()


def test_people_without_an_order_are_listed_all_the_same(alike):
    assert finding(alike, "people") == (
        "Directors: 12 are listed, but they differ no more than the works of one of them do,"
        " so the data give no order."
    )
    assert alike.is_hidden("#people-chart")
    assert alike.inner_text("#people-empty").startswith("Nothing to draw: the data give no order")
    assert len(table(alike, "people")) == 12
    assert len(saved(alike, "people", "csv")[1].splitlines()) == 13
    assert alike.is_hidden("[data-figure=people][data-file=svg]")


def test_people_are_found_by_any_of_their_titles(alike):
    best_known = [row["Best known for"] for row in table(alike, "people")]
    assert not any("Film 59" in titles for titles in best_known)
    alike.fill("#search", "film 59")
    drawn(alike)
    assert finding(alike, "people") == "People found: 1 of 12."
    assert [row["Name"] for row in table(alike, "people")] == ["Person 11"]
    assert alike.inner_text("#people-empty").startswith("Nothing to draw: the data give no order")
    alike.fill("#search", "film 60")
    drawn(alike)
    assert alike.inner_text("#people-empty").startswith(
        "Nobody listed in this selection, and no title"
    )
    assert alike.is_hidden("#people-finding")


def test_both_genre_switches_show_the_same(page):
    choose(page, "genre-of-people", "0")
    assert page.locator("input[name=genre][value='0']").is_checked()


def test_the_language_switch_changes_words_numbers_and_charts(page):
    assert page.locator("h1").inner_text() == "Crime and War: five questions to IMDb and TMDB"
    choose(page, "language", "pt-BR")
    assert page.locator("h1").inner_text() == "Crime e Guerra: cinco perguntas ao IMDb e ao TMDB"
    assert page.title() == "Crime e Guerra: cinco perguntas ao IMDb e ao TMDB"
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    assert "Orçamento (dólares)" in page.locator("#films-drawing svg").text_content()
    assert "0,2" in page.locator("#movie-drawing svg").text_content()
    assert "no TMDB: ρ = 0," in finding(page, "strata")
    choose(page, "language", "en")
    assert "Budget (US dollars)" in page.locator("#films-drawing svg").text_content()


def test_a_csv_file_holds_all_of_the_chosen_rows(page):
    choose(page, "genre", "0")
    file_name, content = saved(page, "films", "csv")
    assert file_name == "films.csv"
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == page.evaluate("datalake.page.shown.films.rows.length") > 100
    assert all("Crime" in row["genre"].split("|") for row in rows)
    by_title = {row["title"]: row for row in rows}
    shown = page.evaluate("datalake.page.shown.films.rows[7]")
    assert float(by_title[shown["title"]]["popularity"]) == shown["popularity"]


def test_a_csv_file_keeps_quotes_commas_and_what_is_unknown(chromium, tmp_path):
    page = open_page(chromium, write_page(PAGE, tmp_path))
    rows = list(csv.DictReader(io.StringIO(saved(page, "films", "csv")[1])))
    assert [row["title"] for row in rows] == [EVIL, "M"]
    assert rows[1]["year"] == rows[1]["imdb_votes"] == ""
    page.context.close()


def test_a_made_up_sample_is_marked_on_the_screen_and_in_each_file(chromium, tmp_path):
    page = open_page(chromium, write_page(MADE_UP, tmp_path))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    band = page.locator(".made-up")
    assert band.bounding_box()["y"] == 0
    assert "no title, person or figure on this page is real" in band.inner_text()
    file_name, content = saved(page, "films", "csv")
    assert file_name == "made-up-films.csv"
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {row["made_up"] for row in rows} == {"true"}
    page.context.close()


def test_the_address_holds_what_was_chosen(chromium, page, uri):
    for name, value in (
        ("genre", "1"),
        ("kind", "movie"),
        ("language", "pt-BR"),
        ("theme", "dark"),
    ):
        choose(page, name, value)
    page.fill("#from", "1990")
    choose(page, "role", "lead_actor")
    page.locator("#q2-method > summary").click()
    drawn(page)
    rest = "language=pt-BR&theme=dark&open=q2-method&people.role=lead_actor"
    assert page.url == f"{uri}#kind=movie&genre=War&from=1990&{rest}"
    other = open_page(chromium, page.url)
    assert other.inner_text("#shown") == page.inner_text("#shown")
    assert other.evaluate("datalake.page.selection") == page.evaluate("datalake.page.selection")
    assert other.evaluate("document.documentElement.dataset.theme") == "dark"
    assert other.inner_text("h1") == page.inner_text("h1")
    assert other.inner_text("#people-finding") == page.inner_text("#people-finding")
    assert other.locator("#q2-method").get_attribute("open") is not None
    other.click("#reset")
    drawn(other)
    assert other.url == f"{uri}#{rest}"
    other.context.close()


def test_a_figure_s_address_leads_to_it_as_it_is_shown(chromium, page, uri):
    choose(page, "genre", "1")
    page.locator("#strata-data > summary").click()
    link = page.locator("#strata-citation a")
    assert link.inner_text() == link.get_attribute("href")
    assert "IMDb files of" in page.inner_text("#strata-citation")
    other = open_page(chromium, link.get_attribute("href"))
    other.wait_for_function(
        """() => {
          const top = document.getElementById("figure-strata").getBoundingClientRect().top;
          const below = top - document.querySelector(".bar").getBoundingClientRect().bottom;
          return 0 <= below && below < 60;
        }"""
    )
    assert finding(other, "strata") == finding(page, "strata")
    other.context.close()


def test_a_filter_names_the_titles_that_are_spoken_of(page):
    assert page.locator("#q1 .of-all:visible").count() == 0
    everything = finding(page, "films")
    choose(page, "genre", "1")
    choose(page, "kind", "movie")
    page.fill("#from", "1990")
    page.fill("#to", "2010")
    drawn(page)
    assert finding(page, "films").startswith("War · Films · 1990–2010: The median popularity")
    assert finding(page, "films").split(": ")[1] != everything
    assert page.inner_text("#q1 .answer.in[lang=en]").startswith("Of all Crime or War titles")
    assert not finding(page, "coverage").startswith("War")
    assert "War · Films" in saved(page, "films", "svg")[1]


@pytest.mark.parametrize(
    ("browser_language", "made_for", "shown"),
    [("pt-PT", "en", "pt-BR"), ("fr-FR", "en", "en"), ("en-GB", "pt-BR", "pt-BR")],
)
def test_a_page_opens_in_the_reader_s_language(
    chromium, tmp_path, browser_language, made_for, shown
):
    page = open_page(chromium, write_page(PAGE, tmp_path, made_for), locale=browser_language)
    assert page.locator("html").get_attribute("lang") == shown
    assert page.locator(f"input[name=language][value='{shown}']").is_checked()
    assert "#" not in page.url
    page.context.close()


def test_metadata_describe_the_csv_file(page):
    choose(page, "genre", "1")
    _, content = saved(page, "films", "csv")
    file_name, description = saved(page, "films", "json")
    metadata = json.loads(description)
    rows = list(csv.DictReader(io.StringIO(content)))
    assert file_name == "films.csv-metadata.json"
    assert metadata["url"] == "films.csv"
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == list(rows[0])
    assert metadata["dc:description"] == finding(page, "films")
    assert {row["source"] for row in rows} == {metadata["dc:source"]}
    assert "IMDb data must not be republished" in metadata["dc:license"]
    assert all(row["imdb_id"].startswith("tt") for row in rows)


def test_the_best_known_films_are_named_in_the_chart(page):
    names = page.locator("#films-drawing .role-mark.mark-text text").all_text_contents()
    titles = page.evaluate("datalake.page.shown.films.rows.map(({title}) => title)")
    assert 5 <= len(names) <= 8
    best_known = {title[:8] for title in titles[:60]}
    assert {name[:8] for name in names} <= best_known


def test_a_legend_names_what_is_drawn_and_nothing_else(page):
    def legend():
        return page.locator("#films-drawing .role-legend-label text").all_text_contents()

    assert legend()[:3] == ["Crime", "War", "Several of them"]
    choose(page, "genre", "several")
    assert "Several of them" in legend()
    assert not {"Crime", "War"} & set(legend())


def test_a_phone_s_page_and_a_print_are_short(chromium, uri, tmp_path):
    phone = open_page(chromium, uri, viewport={"width": 360, "height": 780})
    assert phone.evaluate("document.documentElement.scrollHeight") < 9_000
    phone.evaluate("scrollTo(0, 4000)")
    assert phone.locator("#filters").bounding_box()["y"] < 60
    phone.context.close()
    desk = open_page(chromium, uri)
    printed = desk.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 6
    desk.context.close()


@pytest.mark.parametrize(
    ("language", "band"),
    [
        ("en", "Made-up sample: no title, person or figure on this page is real."),
        ("pt-BR", "Amostra inventada: nenhum título, pessoa ou número desta página é real."),
    ],
)
def test_every_printed_page_of_a_made_up_lake_says_so(chromium, data, tmp_path, language, band):
    made_up = replace(data, reconciliation=[data.reconciliation[0] | {"made_up": True}])
    page = open_page(chromium, write_page(made_up, tmp_path, language))
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert 1 < len(pages) <= 6
    texts = [unicodedata.normalize("NFKC", printed.extract_text()) for printed in pages]
    assert [text for text in texts if band not in " ".join(text.split())] == []
    page.context.close()


def test_films_with_budgets_of_a_few_dollars_alone_are_not_said_to_have_none(
    chromium, data, tmp_path
):
    titles = data.chart_data["titles"]
    few = titles | {"budget": [budget and 9 for budget in titles["budget"]]}
    tiny = replace(data, chart_data=data.chart_data | {"titles": few})
    page = open_page(chromium, write_page(tiny, tmp_path))
    assert re.fullmatch(
        r"\d+ with budgets under 1,000 dollars stand in the table only\.",
        page.inner_text("#films-empty"),
    )
    page.context.close()


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_phone_s_charts_cut_no_name_and_no_figure(chromium, uri, language):
    phone = open_page(chromium, uri, viewport={"width": 360, "height": 780})
    choose(phone, "language", language)
    texts = phone.locator(".vega-embed text").all_text_contents()
    assert len(texts) > 50
    assert [text for text in texts if "…" in text] == []
    assert phone.evaluate(BEYOND) == []
    phone.context.close()


@pytest.mark.parametrize(("width", "names"), [(360, 5), (1280, 8)])
def test_a_long_name_in_the_scatter_is_left_out_and_not_cut(chromium, data, tmp_path, width, names):
    titles = data.chart_data["titles"]
    ends = {True: " of Lock, Stock and Two Smoking Barrels", False: " of Two Barrels"}
    named = [f"F{place}{ends[place % 3 == 0]}" for place in range(len(titles["name"]))]
    renamed = replace(data, chart_data=data.chart_data | {"titles": titles | {"name": named}})
    page = open_page(
        chromium, write_page(renamed, tmp_path), viewport={"width": width, "height": 780}
    )
    texts = page.locator("#films-drawing text").all_text_contents()
    labels = [text for text in texts if re.match(r"F\d", text)]
    assert len(labels) == names
    assert all(label.endswith(" of Two Barrels") for label in labels)
    assert page.evaluate(BEYOND) == []
    page.context.close()


@pytest.mark.parametrize("end", ["#people", "#kind=cartoon&genre=9&from=x&language=", "#=&=&"])
def test_an_address_that_says_nothing_changes_nothing(chromium, uri, end):
    page = open_page(chromium, uri + end)
    assert page.evaluate("datalake.page.selection") == {
        "kind": "all", "genre": "all", "from": None, "to": None
    }  # fmt: skip
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chart_is_saved_as_a_picture_that_stands_alone(page, theme):
    choose(page, "theme", theme)
    svg_name, picture = saved(page, "people", "svg")
    png_name, png = saved(page, "people", "png", encoding=None)
    assert (svg_name, png_name) == ("people.svg", "people.png")
    assert finding(page, "people") in picture
    assert "Source: IMDb files of" in picture
    assert "var(" not in picture
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert f'width="{width // 2}" height="{height // 2}"' in picture


def test_an_empty_figure_says_why(page):
    page.fill("[data-figure=people][data-control=search]", "nobody is called that")
    drawn(page)
    assert page.inner_text("#people-empty") == (
        "Nobody listed in this selection, and no title of theirs that counts, holds"
        " «nobody is called that»."
    )
    assert page.is_hidden("#people-data")
    page.fill("#from", "2000")
    page.fill("#to", "1990")
    drawn(page)
    assert page.inner_text("#films-empty") == (
        "No year is from 2000 on and up to 1990: the first year is after the last."
    )
    page.fill("#from", "1905")
    page.fill("#to", "1905")
    drawn(page)
    assert page.inner_text("#rising-empty") == (
        "Nothing to draw: none of the titles that rise most is in this selection."
    )


def test_a_point_names_its_film(page):
    point = page.locator("#films-drawing .mark-symbol path").first
    point.scroll_into_view_if_needed()
    point.hover(force=True)
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Title" in page.locator("#vg-tooltip-element").inner_text()


def test_the_keyboard_reaches_and_moves_the_filters(page):
    page.focus("input[name=kind][value=all]")
    page.keyboard.press("ArrowRight")
    drawn(page)
    assert page.locator("input[name=kind][value=movie]").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    drawn(page)
    assert page.evaluate("datalake.page.selection") == {"kind": "movie", "genre": 0} | {
        "from": None,
        "to": None,
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, uri, scheme, width, language):
    size = {"width": width, "height": 780}
    page = open_page(chromium, uri, color_scheme=scheme, viewport=size)
    choose(page, "language", language)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
    )
    rows_alike = "document.querySelectorAll('tbody tr:nth-child(n+10)')"
    page.evaluate(f"{rows_alike}.forEach((row) => row.remove())")
    assert [(v["id"], v["nodes"][0]["html"]) for v in Axe().run(page).response["violations"]] == []
    page.context.close()


def test_dark_mode_is_chosen_by_the_system_and_by_hand(chromium, uri):
    def ground(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    page = open_page(chromium, uri, color_scheme="dark")
    dark = ground(page)
    page.locator("label:has(> input[value=light])").click()
    light = ground(page)
    page.locator("label:has(> input[value=dark])").click()
    assert ground(page) == dark != light == "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert ground(page) == light
    page.context.close()


def test_a_lake_without_tmdb_shows_what_imdb_carries(chromium, data, tmp_path):
    columns = data.chart_data | {"rating_of_people": ["imdb_rating"]}
    of_imdb = replace(data, chart_data=columns, has_tmdb=False)
    page = open_page(chromium, write_page(of_imdb, tmp_path))
    shown = {"people", "film_length", "episodes_per_season", "coverage"}
    assert {name for name in CHARTS if page.locator(f"#figure-{name}").count()} == shown
    for name in shown:
        assert page.locator(f"#{name}-drawing svg").count() == 1, name
    headings = table(page, "people")[0].keys()
    assert "IMDb mean" in headings
    assert "TMDB mean" not in headings
    choose(page, "genre", "1")
    assert page.complaints == []
    page.context.close()


def test_an_empty_lake_opens_too(chromium, tmp_path):
    page = open_page(chromium, write_page(NOTHING, tmp_path, "pt-BR"))
    assert page.complaints == []
    for name in CHARTS:
        assert page.locator(f"#{name}-empty").is_visible(), name
    page.context.close()


def test_a_page_that_holds_a_sample_says_so(chromium, tmp_path):
    sampled = replace(PAGE, chart_data=PAGE.chart_data | {"all": 70_000})
    page = open_page(chromium, write_page(sampled, tmp_path))
    assert "random sample of 2 of the lake's 70,000 titles" in page.locator("#sampled").inner_text()
    page.context.close()


def test_without_script_the_answers_are_all_there(chromium, uri):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(uri)
    assert page.locator(".card:visible").count() == len(QUESTIONS)
    assert page.locator("noscript .in[lang=en]").is_visible()
    static_charts = {
        chart.get_attribute("aria-labelledby") for chart in page.locator(".static").all()
    }
    assert static_charts == {f"{name}-title" for name in (*CHARTS, "rising")}
    assert all(chart.is_visible() for chart in page.locator(".static svg").all())
    assert page.locator("#film_length-chart").is_hidden()
    assert page.locator("button:visible").count() == 0
    context.close()


@pytest.mark.parametrize("name", ["strata", "people", "movie", "series", "rising"])
def test_a_chart_without_script_has_as_many_dots_as_the_other(chromium, uri, page, name):
    rows = page.evaluate(f"datalake.page.shown.{name}.drawn.rows.length")
    context = chromium.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(uri)
    dots = plain.locator(f"#figure-{name} .static .mark-symbol.role-mark path")
    assert dots.count() == rows > 2
    context.close()


def test_a_question_of_your_own_is_drawn_and_filtered(chromium, data, tmp_path):
    letters = {"toys": {"letters": [len(name) for name in data.chart_data["titles"]["name"]]}}
    rows = [{"genre": "all", "n": 2, "letters": 4.5, "longest_by": None}]
    more = {
        "answers": data.answers | {TOY.table.name: rows},
        "chart_data": data.chart_data | letters,
    }
    uri = write_page(replace(data, **more), tmp_path, questions=[*QUESTIONS, TOY])
    page = open_page(chromium, uri)
    assert page.locator("#name_lengths-drawing svg").count() == 1
    before = table(page, "name_lengths")
    choose(page, "kind", "series")
    after = table(page, "name_lengths")
    assert [row["Genres"] for row in after] == ["Crime", "War"]
    assert [int(row["n"]) for row in after] < [int(row["n"]) for row in before]
    assert page.complaints == []
    page.context.close()


FIRST_PAINT = """async () => {
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  while (painted() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  return painted();
}"""


def first_paint(chromium, uri):
    """Milliseconds until a browser that never saw the page shows something of it."""
    with chromium.new_context() as context:
        opened = context.new_page()
        opened.goto(uri, wait_until="commit")
        return opened.evaluate(FIRST_PAINT)


def test_a_page_of_43_000_titles_shows_something_at_once(chromium, data, tmp_path):
    """The aim is half a second, of a page of 3 MB; the bound bears that other work goes on.

    Measured on two cores beside a Spark run: 248, 280 and 436 ms.
    """
    whole = many_times(data, 54)
    assert len(whole.chart_data["titles"]["id"]) > 43_000
    uri = write_page(whole, tmp_path)
    assert (tmp_path / "index.html").stat().st_size > 1_500_000
    paints = [first_paint(chromium, uri) for _ in range(3)]
    assert min(paints) < 1_500, paints
