"""The site's links: rewritten for pages that lie elsewhere, and each broken one is found."""

import pytest
from support.paths import ROOT


@pytest.fixture(scope="module")
def links():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "scripts")
        import site_links

        yield site_links


@pytest.fixture
def root(tmp_path):
    """A repository of two languages."""
    for name in ("README.md", "README.pt-BR.md", "docs/a.md", "docs/b.pt-BR.md", "docs/b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# A page\n", encoding="utf-8")
    (tmp_path / "docs/decisions").mkdir()
    (tmp_path / "run.py").write_text("", encoding="utf-8")
    return tmp_path


@pytest.fixture
def english(root):
    names = ("README.md", "docs/a.md", "docs/b.md", "docs/decisions/README.md")
    return {root / name: name for name in names}


@pytest.fixture
def portuguese(root):
    return {root / "README.pt-BR.md": "README.md", root / "docs/b.pt-BR.md": "docs/b.md"}


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("[a](../README.md#the-map)", "[a](../README.md#the-map)"),
        ("[b](b.md), [c](b.md)", "[b](b.md), [c](b.md)"),
        ("[why](decisions)", "[why](decisions/README.md)"),
        ("[em português](b.pt-BR.md)", "[em português](../pt-BR/docs/b.html)"),
        ("[the script](../run.py)", "the script"),
        ("[out](https://example.org/a)", "[out](https://example.org/a)"),
        ("```\n[a](../run.py)\n```", "```\n[a](../run.py)\n```"),
        ("![a picture](images/a.webp)", "![a picture](images/a.webp)"),
    ],
)
def test_a_link_of_an_english_page(links, root, english, text, rewritten):
    assert links.rewrite_links(text, root / "docs/a.md", english, root) == rewritten


@pytest.mark.parametrize(
    ("page", "text", "rewritten"),
    [
        ("README.pt-BR.md", "[b](docs/b.pt-BR.md)", "[b](docs/b.md)"),
        ("README.pt-BR.md", "[English](README.md)", "[English](../index.html)"),
        ("README.pt-BR.md", "[a](docs/a.md#x)", "[a](../docs/a.html#x)"),
        ("README.pt-BR.md", "[d](docs/decisions)", "[d](../docs/decisions/index.html)"),
        ("docs/b.pt-BR.md", "[English](b.md)", "[English](../../docs/b.html)"),
    ],
)
def test_a_link_of_a_portuguese_page(links, root, portuguese, page, text, rewritten):
    assert links.rewrite_links(text, root / page, portuguese, root) == rewritten


@pytest.mark.parametrize(
    ("link", "broken"),
    [
        ("b.html", []),
        ("b.html#here", []),
        ("folder/", []),
        ("https://example.org", []),
        ("#nowhere", ["a.html: #nowhere: no such heading"]),
        ("b.html#nowhere", ["a.html: b.html#nowhere: no such heading"]),
        ("c.html", ["a.html: c.html"]),
    ],
)
def test_a_broken_link_is_found(links, tmp_path, link, broken):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/index.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "a.html").write_text(f'<a href="{link}">', encoding="utf-8")
    (tmp_path / "b.html").write_text('<h2 id="here">', encoding="utf-8")
    assert list(links.broken_links(tmp_path)) == broken
