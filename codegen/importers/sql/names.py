"""Names of a schema for the names of a database, which may be any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from codegen.ir.checks.identifiers import MAX_IDENTIFIER
from codegen.language.native_types import may_be_class


def plain_names(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """A name of a table, a field or an index for each; the same one where that is possible."""
    return _distinct(names, _plain, lambda name: bool(name) and name not in taken)


def class_names(names: Iterable[str]) -> dict[str, str]:
    """A name of a type for each: `order_state` becomes `OrderState`."""
    return _distinct(names, _pascal, may_be_class)


def _distinct(
    names: Iterable[str], make: Callable[[str], str], is_good: Callable[[str], bool]
) -> dict[str, str]:
    """Names that stay as they are come first, so that no other one takes theirs."""
    given = list(dict.fromkeys(names))
    made = {name: make(name) for name in given}
    found: dict[str, str] = {}
    used: set[str] = set()
    for name in sorted(given, key=lambda name: made[name] != name):
        free, number = made[name], 1
        while not is_good(free) or free in used:
            number += 1
            end = f"_{number}" if make is _plain else str(number)
            free = made[name][: MAX_IDENTIFIER - len(end)] + end
        found[name] = free
        used.add(free)
    return {name: found[name] for name in given}


def _plain(name: str) -> str:
    """Letters, digits and `_`, of which the first is a letter; at most as long as is allowed."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name)
    if plain != name:
        plain = plain.rstrip("_")
    plain = plain.lstrip("_")
    if not plain or plain[0].isdigit():
        plain = f"n{plain}"
    return plain[:MAX_IDENTIFIER]


def _pascal(name: str) -> str:
    words = re.split(r"[^A-Za-z0-9]+", name)
    pascal = "".join(word[:1].upper() + word[1:] for word in words)
    if not pascal or pascal[0].isdigit():
        pascal = f"Type{pascal}"
    return pascal[:MAX_IDENTIFIER]
