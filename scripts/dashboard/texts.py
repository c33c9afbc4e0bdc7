"""Texts in both languages; the template's parameter chooses one.

A text is `{"en": …, "pt-BR": …}`, as in the TOML files.
"""

import re
from typing import Any

Json = dict[str, Any]
LANGUAGES = ("en", "pt-BR")


def localize(node: Any, words: dict[str, Json]) -> Any:
    """The node with each text replaced by a reference to `words`, where the text is put.

    `ValueError` for a text that isn't in just these languages.
    """
    if isinstance(node, list):
        return [localize(item, words) for item in node]
    if not isinstance(node, dict):
        return node
    if node.keys() & set(LANGUAGES):
        return _reference(node, words)
    return {name: localize(value, words) for name, value in node.items()}


def by_language(words: dict[str, Json]) -> Json:
    """The words as a mapping of CloudFormation's, by language and key."""
    return {language: {key: words[key][language] for key in words} for language in LANGUAGES}


def _reference(text: Json, words: dict[str, Json]) -> Json:
    if text.keys() != set(LANGUAGES):
        raise ValueError(f"needs {' and '.join(LANGUAGES)}: {text}")
    key = stem = re.sub(r"[^A-Za-z0-9]", "", text["en"].title())[:60]
    number = 1
    while words.setdefault(key, text) != text:  # the same in English alone
        number += 1
        key = f"{stem}{number}"
    return {"Fn::FindInMap": ["Words", {"Ref": "Language"}, key]}
