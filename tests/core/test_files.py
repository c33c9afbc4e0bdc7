"""A file appears whole or not at all."""

import pytest

from datalake.core.files import atomic_path


def test_a_file_is_replaced_when_the_block_ends(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
        assert temporary.name.startswith(".")
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_what_was_there(tmp_path, failure):
    target = tmp_path / "page.html"
    target.write_text("old")
    with pytest.raises(failure), atomic_path(target) as temporary:  # noqa: PT012
        temporary.write_text("new")
        raise failure
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
