"""What the page's last lines record: read as it was written, and out of the page's way."""

import pytest
from support.lakes import settings_at

from datalake.pipeline.page_file import page_headlines, page_inputs, write_page

PAGE = "<!doctype html>\n<title>Films</title>"
INPUTS = '{"snapshots": {"Answers.trends": 7}}'


@pytest.mark.parametrize(
    "headlines",
    [
        [],
        ["Films got longer: 3 minutes a decade.", "«Cidade de Deus» rises."],
        ["«--> <script>» and «<!-- inputs: x -->» lead.", "Two\nlines"],
    ],
)
def test_headlines_and_inputs_are_read_as_they_were_written(tmp_path, headlines):
    settings = settings_at(tmp_path / "lake")
    write_page(settings, PAGE, headlines, INPUTS)
    assert page_headlines(settings) == headlines
    assert page_inputs(settings) == INPUTS
    text = (tmp_path / "lake/index.html").read_text(encoding="utf-8")
    page, first, second, end = text.removeprefix(PAGE).split("\n")
    assert (page, end, text.count("-->")) == ("", "", 2)
    assert (first.endswith("-->"), second.endswith("-->")) == (True, True)


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        (None, None),
        (PAGE, None),
        (f'{PAGE}\n<!-- headlines: ["Films -->\n<!-- inputs: {INPUTS} -->\n', INPUTS),
        (f"{PAGE}\n<!-- inputs: {INPUTS} -->\n", INPUTS),
        (f'{PAGE}\n<!-- headlines: ["Films', None),
    ],
)
def test_a_page_that_lacks_its_headlines_has_none(tmp_path, text, inputs):
    settings = settings_at(tmp_path / "lake")
    if text is not None:
        (tmp_path / "lake").mkdir()
        (tmp_path / "lake/index.html").write_text(text)
    assert page_headlines(settings) == []
    assert page_inputs(settings) == inputs
