"""Names for the types that a program has constants for."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_SUFFIX: Final = re.compile(r"(?<=[a-z0-9])(Validator|Schema|Fields|Object)$")


def type_name(constant: str, taken: Collection[str]) -> str:
    """The name of a type: `runStatusValidator` → `RunStatus`; another one if that is taken.

    `taken` are names in lower case.
    """
    whole = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(constant))
    whole = whole.lstrip("0123456789") or "Value"
    whole = whole[:1].upper() + whole[1:]
    short = _SUFFIX.sub("", whole)
    if re.fullmatch(r"V[A-Z].*", short) and constant[:1] == "v":
        short = short[1:]
    candidates = [short, whole, f"{whole}Value"]
    for name in candidates:
        if name.lower() not in taken:
            return name
    number = 2
    while f"{whole}{number}".lower() in taken:
        number += 1
    return f"{whole}{number}"


def class_names(table: str) -> set[str]:
    """The names that the classes of a table may have: those of its plural and its singular."""
    name = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(table))
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    singular = {
        name.removesuffix(plural) + ending
        for plural, ending in endings
        if name.endswith(plural)
    }
    return {name, *singular}
