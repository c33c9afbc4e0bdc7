"""What the page computes in the browser is what the answers' tables say."""

import os
from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from support.agreement import disagreements, finding, risers, table_of
from support.report_pages import translator, write_page

from datalake.core.settings import lake_at
from datalake.pipeline.page_data import gather_page_data
from datalake.questions.people.story import tell as tell_of_people
from datalake.questions.people.table import TABLE as PEOPLE
from datalake.questions.popularity_cost.story import tell as tell_of_cost
from datalake.questions.popularity_cost.table import TABLE as COST
from datalake.questions.ratings.units import LONG
from datalake.questions.rising.table import TABLE as RISING
from datalake.questions.trends.story import tell
from datalake.questions.trends.table import TABLE as TRENDS
from datalake.report.script import CONSTANTS, to_json
from datalake.sql.lake_query import lake_query
from datalake.statistics.segments import find_shape
from datalake.statistics.survival import share_lasting

pytest.importorskip("playwright", reason="make test-browser installs playwright")

from support.browser import open_page

pytestmark = pytest.mark.browser

RISING_COLUMNS = {name: name for name in ("per_day", "expected_per_day", "excess", "z", "holm")}
RISING_COLUMNS |= {"low": "ci_low", "high": "ci_high"}


def test_the_page_shows_what_the_answers_say_to_the_last_digit(page, data):
    compared, differ = disagreements(page, data)
    assert differ == []
    assert compared > 2_000


@pytest.mark.parametrize("selection", [{}, {"genre": 0}, {"from": 1990, "to": 2015}])
def test_the_page_s_survival_curves_are_scipy_s(page, selection):
    script = "(s) => (({ rows, finding }) => ({ rows, finding }))(datalake.shownOf('longevity', s))"
    shown = page.evaluate(script, selection)
    titles = page.evaluate("datalake.page.lake.titles")
    measures = ("imdb_rating", "imdb_votes", "tmdb_rating", "tmdb_votes", "years_on_air", "ended")
    columns = zip(*(titles[name] for name in ("kind", "genres", "year", *measures)), strict=True)
    series = np.array(
        [
            of
            for kind, genres, year, *of in columns
            if kind == 1
            and None not in (year, *of)
            and ("genre" not in selection or genres & 1)
            and ("from" not in selection or selection["from"] <= year <= selection["to"])
        ]
    )
    rating = (series[:, 0] + series[:, 2]) / 2
    least, most = np.quantile(rating, [0.25, 0.75])
    assert len(series) >= 40
    for quarter, chosen in {"best": rating >= most, "worst": rating <= least}.items():
        years, over = series[chosen, 4], series[chosen, 5] == 1
        curve = stats.ecdf(stats.CensoredData.right_censored(years, ~over)).sf
        ends = curve.confidence_interval(method="log-log")
        ours = {r["time"]: r for r in shown["rows"] if r["quarter"] == quarter and r["time"]}
        for figures, name in ((curve, "share"), (ends.low, "low"), (ends.high, "high")):
            of_scipy = dict(zip(figures.quantiles, figures.probabilities, strict=True))
            times = [at for at in ours if not np.isnan(of_scipy[at]) and ours[at]["share"]]
            assert len(times) > 3
            assert [ours[at][name] for at in times] == pytest.approx([of_scipy[at] for at in times])
        lasting = translator("en").percent(share_lasting(years, over, LONG))
        assert lasting in shown["finding"]


def test_the_page_lists_those_that_rise_by_the_answer_s_order_and_figures(page, data):
    for genre, chosen in {"all": "all", data.genres[0]: 0, data.genres[1]: 1}.items():
        for kind in ("movie", "series"):
            rows = risers(data.answers[RISING.name])
            ranked = [row for row in rows if (row["kind"], row["genre"]) == (kind, genre)]
            ranked.sort(key=lambda row: row["place"])
            shown = page.evaluate(
                "(s) => datalake.shownOf('rising', s).rows", {"genre": chosen, "kind": kind}
            )
            assert [row["name"] for row in shown] == [row["title"] for row in ranked]
            for name, column in RISING_COLUMNS.items():
                assert [row[name] for row in shown] == pytest.approx(
                    [row[column] for row in ranked], abs=1e-6
                )
    assert table_of(page, "rising", {"kind": "movie"})


def in_the_browser(page, body, value):
    """What the page's own estimators, loaded by themselves, make of the value."""
    folder = files("datalake.report") / "scripts"
    scripts = [
        (folder / f"{name}.js").read_text(encoding="utf-8") for name in ("basics", "estimators")
    ]
    constants = f"const CONSTANTS = {to_json(CONSTANTS)};"
    return page.evaluate("\n".join(["value => {", constants, *scripts, body, "}"]), value)


SHAPES = """return value.map(([years, values]) => {
  const shape = findShape(years, values);
  const corners = [years[0], ...shape.bends, years.at(-1)];
  const levels = corners.map(shape.through);
  const slopes = levels.slice(1).map((level, i) =>
    10 * (level - levels[i]) / (corners[i + 1] - corners[i]));
  return { bends: shape.bends, levels, slopes };
});"""


def test_the_page_s_lines_bend_where_the_answer_s_lines_do(page, data):
    for measure, genre in product(("film_length", "episodes_per_season"), ("all", *data.genres)):
        (row,) = (
            row
            for row in data.answers[TRENDS.name]
            if (row["measure"], row["genre"], row["year"]) == (measure, genre, None)
        )
        chosen = {"genre": "all" if genre == "all" else data.genres.index(genre)}
        rows = page.evaluate(f"(s) => datalake.shownOf('{measure}', s).rows", chosen)
        years, medians = ([of[name] for of in rows] for name in ("year", "median"))
        (shape,) = in_the_browser(page, SHAPES, [[years, medians]])
        assert shape["bends"] == row["bends"]
        assert shape["slopes"] == pytest.approx(row["slopes"], abs=1e-7)
        assert shape["levels"] == pytest.approx(row["levels"], abs=1e-7)
        # The line that is drawn is that one.
        corners = [years[0], *row["bends"], years[-1]]
        drawn = {of["year"]: of["trend"] for of in rows}
        assert [drawn[year] for year in corners] == pytest.approx(row["levels"], abs=1e-7)


def test_the_page_and_python_find_the_same_bends_in_made_up_years(chromium):
    samples = []
    for seed in range(24):
        random, years = np.random.default_rng(seed), np.arange(1960.0, 2020)
        slopes = np.repeat([(0, 0, 0), (1, -1, -1), (2, -1, 2)][seed % 3], 20)
        # From clear bends to such that BIC just finds or misses.
        values = 90 + slopes.cumsum() + (2 + seed) * random.normal(size=60)
        present = np.sort(random.permutation(60)[:55])  # some years are missing
        samples.append((years[present], values[present]))
    expected = [find_shape(years, values) for years, values in samples]
    with chromium.new_page() as empty_page:
        columns = [[years.tolist(), values.tolist()] for years, values in samples]
        shown = in_the_browser(empty_page, SHAPES, columns)
    assert {len(shape.bends) for shape in expected} == {0, 1, 2}
    for of_page, shape in zip(shown, expected, strict=True):
        assert of_page["bends"] == [bend.value for bend in shape.bends]
        assert of_page["slopes"] == pytest.approx([s.value for s in shape.slopes], abs=1e-7)
        assert of_page["levels"] == pytest.approx(shape.levels, abs=1e-7)


def test_the_page_and_scipy_agree_where_people_begin_to_differ(page):
    chances = (0.5, 0.06, 0.0501, 0.05001, 0.04999, 0.0499, 0.001)
    freedoms = product((9, 10, 99, 5_000), (11, 57, 300, 30_000))
    grid = [(float(stats.f.isf(p, *of)), *of) for of in freedoms for p in chances]
    basics = (files("datalake.report") / "scripts/basics.js").read_text(encoding="utf-8")
    script = f"const CONSTANTS = {to_json(CONSTANTS)};\n{basics}"
    shown = page.evaluate(f"grid => {{{script}\nreturn grid.map((of) => chanceOfF(...of))}}", grid)
    assert shown == pytest.approx([stats.f.sf(*of) for of in grid], rel=1e-8)


def test_whole_percentages_are_those_of_the_texts(page):
    shares = [0, 0.004, 0.01, 0.125, 0.99, 0.996, 1]
    script = "shares => shares.map((share) => datalake.speak().wholePercent(share))"
    shown = page.evaluate(script, shares)
    assert shown == [translator("en").percent(share) for share in shares]


def test_what_a_figure_finds_is_what_the_answer_says(page, data):
    translate = translator("en")
    levels = tell(data.answers[TRENDS.name], translate).headline.partition(". ")[0].split("; ")
    for measure, level in zip(("film_length", "episodes_per_season"), levels, strict=True):
        assert level.lower() in finding(page, measure).lower()
    first = tell_of_people(data.answers[PEOPLE.name], translate).answer
    assert finding(page, "people") in first
    cost = tell_of_cost(data.answers[COST.name], translate).answer
    assert finding(page, "films").split(" (")[0] in " ".join(cost).replace(
        "TMDB popularity", "popularity"
    )


def test_the_trends_line_is_that_of_the_answers(page, data):
    translate = translator("en")
    for measure in ("film_length", "episodes_per_season"):
        row = next(
            row
            for row in data.answers[TRENDS.name]
            if row["measure"] == measure and row["genre"] == "all" and row["year"] is None
        )
        trend = page.evaluate(f"datalake.shownOf('{measure}').trend")
        low, high = row["ci_low"], row["ci_high"]
        assert [trend["value"], trend["low"], trend["high"]] == pytest.approx(
            [row["trend"], low, high], abs=1e-8
        )
        ends = (-high, -low) if high < 0 else (low, high)
        value = abs(row["trend"]) if low > 0 or high < 0 else row["trend"]
        text = finding(page, measure)
        assert f"{translate.number(value, 1)} " in text
        interval = translate.interval(*ends, 1)
        assert f"(Theil–Sen: {interval}; {translate.number(row['n'])} " in text


def test_a_lake_of_your_own_agrees_too(chromium, tmp_path):
    """`DATALAKE_LAKE=… make test-browser`: on the sample's lake, or a full-size one."""
    folder = os.environ.get("DATALAKE_LAKE")
    if not folder:
        pytest.skip("set DATALAKE_LAKE to a lake with answers")
    lake = Path(folder).absolute()
    with lake_query(lake_at(str(lake))) as query:
        data = gather_page_data(query, "0.1.0")
    uri = write_page(data, tmp_path)
    assert (tmp_path / "index.html").stat().st_size < 3_000_000
    page = open_page(chromium, uri)
    compared, differ = disagreements(page, data)
    assert differ == []
    assert compared > 1_000
    page.context.close()
