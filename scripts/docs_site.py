"""Build the documentation site into build/site: `make docs`, and `make check` for its links.

The pages are the repository's own, at the same places, so a link that works there works here. The
English ones make the site, those named `*.pt-BR.md` the part under pt-BR/. Nothing is fetched.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template

from site_links import broken_links, rewrite_links

import datalake
from datalake.core.errors import DatalakeError

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
TOOL = ROOT / ".site" / "bin" / "zensical"
SETTINGS = ROOT / "docs" / "site"
PAGES = ("*.md", "docs/**/*.md", "datalake/questions/*/method.md")
PORTUGUESE = ".pt-BR.md"
IN_BOTH = ("docs/glossary.md",)
DESCRIPTIONS = {
    "en": "A film and series data lake: IMDb files and the TMDB API in, answers out",
    "pt-BR": "Um data lake de filmes e séries: arquivos do IMDb e a API do TMDB viram respostas",
}


def main() -> None:
    """Build both languages and check every link; the first failure ends it in one line."""
    sources, site = BUILD / "site-pages", BUILD / "site"
    for folder in (sources, site):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        for language, places in pages_by_language(ROOT).items():
            write_pages(places, sources / language)
            build_language(language)
    except DatalakeError as error:
        sys.exit(f"docs: {error}")
    if broken := list(broken_links(site)):
        sys.exit(f"docs: {len(broken)} broken links:\n" + "\n".join(broken))
    print(f"build/site/index.html: {len(list(site.rglob('*.html')))} pages")


def pages_by_language(root: Path) -> dict[str, dict[Path, str]]:
    """For each language the pages, and their places in its part of the site."""
    paths = {path: path.relative_to(root).as_posix() for glob in PAGES for path in root.glob(glob)}
    english = {path: place for path, place in paths.items() if not place.endswith(PORTUGUESE)}
    portuguese = {
        path: place.removesuffix(PORTUGUESE) + ".md"
        for path, place in paths.items() - english.items()
    }
    generated = {root / place: place for place in GENERATED}
    in_both = {root / place: place for place in IN_BOTH}
    return {"en": english | generated, "pt-BR": portuguese | in_both}


def write_pages(places: Mapping[Path, str], folder: Path) -> None:
    """Copy the images into the folder, and the pages with their links rewritten for the site."""
    for path, place in places.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = GENERATED[place]() if place in GENERATED else path.read_text(encoding="utf-8")
        target.write_text(rewrite_links(text, path, places, ROOT), encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "images", folder / "docs" / "images")


def decisions() -> str:
    """The list of decisions."""
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    titles = [path.read_text(encoding="utf-8").partition("\n")[0] for path in files]
    lines = [f"- [{title[2:]}]({path.name})" for path, title in zip(files, titles, strict=True)]
    return "# Decisions\n\n" + "\n".join(lines) + "\n"


def reference() -> str:
    """What `from datalake import …` gives, from the docstrings: a section a module."""
    sections = (
        f"## {module}\n\n" + "\n\n".join(f"::: {module}.{name}" for name in names)
        for module, names in datalake._MODULES.items()
    )
    return "# The Python API, from the docstrings\n\n" + "\n\n".join(sections) + "\n"


# Pages that are nowhere in the repository.
GENERATED = {"docs/decisions/README.md": decisions, "docs/reference.md": reference}


def build_language(language: str) -> None:
    """Run the generator on the language's pages; `DatalakeError` for its first complaint."""
    settings = Template((SETTINGS / "site.toml").read_text(encoding="utf-8")).substitute(
        language=language,
        description=DESCRIPTIONS[language],
        nav=(SETTINGS / f"nav.{language}.toml").read_text(encoding="utf-8"),
        root="." if language == "en" else "..",
        site_dir="site" if language == "en" else f"site/{language}",
        package=ROOT.as_posix(),
    )
    config = BUILD / f"site.{language}.toml"
    config.write_text(settings, encoding="utf-8")
    command = [str(TOOL), "build", "--strict", "--config-file", str(config)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise DatalakeError(f"{language}:\n{result.stdout}{result.stderr}")


if __name__ == "__main__":
    main()
