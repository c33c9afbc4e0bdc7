"""The page of a wild star, in a browser; a test that asks for another page makes its own."""

import pytest
from support.report_pages import write_page
from support.star_rows import duck_query, wild_star

from datalake.pipeline.answers import answer_rows
from datalake.pipeline.page_data import gather_page_data

SOURCE = {"source": "movies.csv", "snapshot": "s", "day": "2022-05-01", "titles": 700}
COUNTS = {"raw_rows": 5, "trusted_rows": 4, "exact_duplicates": 1, "quarantined_rows": 0}
COUNTS |= {"filtered_rows": 0, "dangling_rows": 0, "dangling_ids": 0}


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Of a wild star with plenty of ties, its answers as the tables hold them."""
    star = wild_star(titles=900) | {"reconciliation": [SOURCE | COUNTS]}
    unknown = {title["title_key"] for title in star["dim_title"] if title["tmdb_id"] is None}
    for fact in star["fact_title"]:
        if fact["title_key"] in unknown:  # TMDB tells the budget, or nobody does
            fact["budget"] = fact["popularity"] = None
    folder = tmp_path_factory.mktemp("star")
    answers = answer_rows(duck_query(star, folder))
    star |= {table.name: rows for table, rows in answers.items()}
    return gather_page_data(duck_query(star, folder), "0.1.0")


@pytest.fixture(scope="session")
def chromium():
    """A browser; the test is skipped where there is none."""
    pytest.importorskip("playwright", reason="make test-browser installs playwright")
    from support.browser import browser, executable

    path = executable()
    if path is None:
        pytest.skip("no browser here; apt-get install chromium, or set BROWSER_PATH")
    with browser(path) as running:
        yield running


@pytest.fixture(scope="session")
def uri(data, tmp_path_factory):
    """Where its page is."""
    return write_page(data, tmp_path_factory.mktemp("page"))


@pytest.fixture
def page(chromium, uri):
    """That page, drawn; it complains of nothing and asks for nothing else."""
    from support.browser import open_page

    opened = open_page(chromium, uri)
    yield opened
    assert opened.complaints == []
    assert opened.requested == [uri]
    opened.context.close()
