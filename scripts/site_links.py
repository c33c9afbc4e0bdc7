"""Links of the site's pages: rewritten before the build, checked after it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```$)", re.M | re.S)


def rewrite_links(text: str, path: Path, places: Mapping[Path, str], root: Path) -> str:
    """The text of the page at `path`, each link leading to the site's page for what it names.

    `places` has the pages of its language. A page of the other one is in that one's part of the
    site; a folder is its README; a file that is no page is its label alone: the site lacks it.
    """
    place = places[path]

    def replace(match: re.Match[str]) -> str:
        label, link, anchor = match[1], match[2], match[3] or ""
        if re.match(r"\w+:", link):
            return match[0]
        file = (path.parent / link).resolve()
        file = file / "README.md" if file.is_dir() else file
        if file.suffix != ".md":
            return label
        if file in places:
            address = posixpath.relpath(places[file], posixpath.dirname(place) or ".")
        else:
            address = _other_language(file, place, root)
        return f"[{label}]({address}{anchor})"

    parts = FENCE.split(text)
    return "".join(part if part.startswith("```") else LINK.sub(replace, part) for part in parts)


def _other_language(file: Path, place: str, root: Path) -> str:
    """The address of a page of the other part of the site, as seen from `place`."""
    target = file.relative_to(root).as_posix()
    up = "../" * place.count("/")
    if target.endswith(".pt-BR.md"):
        return f"{up}pt-BR/{_address(target.removesuffix('.pt-BR.md'))}"
    return f"{up}../{_address(target.removesuffix('.md'))}"


def _address(page: str) -> str:
    return re.sub(r"(^|/)README$", r"\1index", page) + ".html"


class _Page(HTMLParser):
    """A page's links, and what a link may name in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep the tag's link and its id."""
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def broken_links(site: Path) -> Iterator[str]:
    """Each link of the site's pages that leads to no file or to no heading, by page."""

    @cache
    def read(path: Path) -> _Page:
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    for path in sorted(site.rglob("*.html")):
        if path.name == "404.html":  # its links start at the root of wherever it is served
            continue
        for link in read(path).links:
            if re.match(r"\w+:|//", link):
                continue
            address, _, anchor = unquote(link).partition("#")
            target = (path.parent / address).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{path.relative_to(site)}: {link}"
            elif anchor and target.suffix == ".html" and anchor not in read(target).anchors:
                yield f"{path.relative_to(site)}: {link}: no such heading"
