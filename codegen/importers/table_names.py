"""Names for tables: the plural of what a document is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from codegen.ir.checks.identifiers import MAX_IDENTIFIER, is_identifier

from .json_schema.type_names import class_name, field_name

_IRREGULAR: Final = {
    "child": "children",
    "index": "indexes",
    "man": "men",
    "person": "people",
    "woman": "women",
}
_WORD: Final = re.compile(r"[A-Z]?[a-z0-9]+\Z")
_MOST_WORDS: Final = 4


def table_name(text: str, taken: Collection[str] = ()) -> str:
    """The name of a table of such documents: `Order line` becomes `orderLines`."""
    return distinct(plural(field_name(text)), taken)


def table_of_file(text: str) -> str:
    """The name of a table whose documents a file has: `orders` stays what it is."""
    if is_identifier(text) and not text.startswith("_"):
        return text
    return field_name(text)[:MAX_IDENTIFIER]


def distinct(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if it is taken."""
    free, number = name[:MAX_IDENTIFIER], 1
    while free in taken:
        number += 1
        free = f"{name[: MAX_IDENTIFIER - 4]}{number}"
    return free


def plural(name: str) -> str:
    """The plural of the last word of a name; a plural stays one."""
    found = _WORD.search(name)
    word = found[0].lower() if found else ""
    if word in _IRREGULAR:
        start = name[: len(name) - len(word)]
        many = _IRREGULAR[word]
        return start + (many.capitalize() if start else many)
    if re.search(r"(ss|us|is|x|z|ch|sh)\Z", name):
        return f"{name}es"
    if re.search(r"[^aeiou]y\Z", name):
        return f"{name[:-1]}ies"
    return name if name.endswith("s") else f"{name}s"


def title_or(title: object, otherwise: str) -> str:
    """A title that can be a name; else the other text."""
    if isinstance(title, str):
        words = re.sub(r"(?i)\b(json )?schema( for)?\b", " ", title).split()
        if 0 < len(words) <= _MOST_WORDS and class_name(" ".join(words)) != "Type":
            return " ".join(words)
    return otherwise


def needs_model(table: str, model: str) -> bool:
    """Whether the class of a table's documents has to be told: only a plain `s` is known."""
    plain = table[:1].upper() + table[1:]
    return (
        plain != f"{model}s" or re.search(r"(?:[sxz]|ch|sh|e|i)\Z", model) is not None
    )
