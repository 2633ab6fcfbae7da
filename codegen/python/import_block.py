"""Import statements: sorted, grouped and broken as ruff's isort rules and Black want them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from .code import Code, dotted, identifier
from .layout import fits

_DIGITS: Final = re.compile(r"\d+")


def import_block(
    wanted: Mapping[str, Mapping[str, str | None]], indent: int = 0
) -> Code:
    """All imports of a module; empty when nothing is wanted.

    `wanted` has the names to import by module, each with the name that it gets here or
    None; a module without names is imported itself. The sections are those of the standard
    library, of other packages and of this one (relative), a blank line between them.
    """
    sections: dict[int, list[str]] = {}
    ordered = sorted((_module_order(m, bool(wanted[m])), m) for m in wanted)
    for (section, *_), module in ordered:
        names = tuple(wanted[module].items())
        sections.setdefault(section, []).extend(_imports_from(module, names, indent))
    return Code("\n\n".join("\n".join(lines) for lines in sections.values()))


@lru_cache(maxsize=65536)  # the modules of a package import much the same
def import_order(name: str) -> tuple[int, str, str]:
    """The sort key of an imported name: CONSTANTS, Classes, all others.

    Within those by letters without case, and by the value of the numbers in a name.
    """
    kind, exact = export_order(name)
    return kind, _natural(name.lower()), exact


@lru_cache(maxsize=65536)
def export_order(name: str) -> tuple[int, str]:
    """The sort key of a name in `__all__`: as in an import, but capitals come first."""
    if len(name) > 1 and name.isupper():
        return 0, _natural(name)
    return (1 if name[0].isupper() else 2), _natural(name)


def _natural(text: str) -> str:
    """A text that sorts as `text` does when its numbers are compared by value."""
    return text if text.isalpha() else _DIGITS.sub(_comparable, text)


def _comparable(number: re.Match[str]) -> str:
    digits = number[0]
    # a number with a leading zero compares digit by digit, and comes first
    length = 0 if digits[0] == "0" else len(digits)
    return f"0{chr(length)}{digits}\0"


_Order: TypeAlias = tuple[int, bool, int, str, str]


@lru_cache(maxsize=65536)
def _module_order(module: str, names: bool) -> _Order:
    path = module.lstrip(".")
    dots = len(module) - len(path)
    # `import a` comes before `from b import c`, and the farthest relative package first
    return _section(module, dots), names, -dots, _natural(path.lower()), _natural(path)


def _section(module: str, dots: int) -> int:
    if dots:
        return 3
    if module == "__future__":
        return 0
    return 1 if module.partition(".")[0] in sys.stdlib_module_names else 2


@lru_cache(maxsize=65536)
def _imports_from(
    module: str, names: tuple[tuple[str, str | None], ...], indent: int
) -> tuple[str, ...]:
    """The lines of the plain names' statement, and of one for each name that gets another."""
    return tuple(_statements(module, names, indent))


def _statements(
    module: str, names: tuple[tuple[str, str | None], ...], indent: int
) -> Iterator[str]:
    pad = " " * indent
    if not names:
        yield f"{pad}import {dotted(module)}"
        return
    head = f"{pad}from {dotted(module)} import "
    groups: list[tuple[str, str, list[str]]] = []
    plain = sorted((name for name, alias in names if alias is None), key=import_order)
    if plain:
        groups.append((plain[0], "", [identifier(name) for name in plain]))
    for name, alias in names:
        if alias is not None:
            renamed = f"{identifier(name)} as {identifier(alias)}"
            groups.append((name, alias, [renamed]))
    for _, _, group in sorted(groups, key=lambda g: (import_order(g[0]), g[1])):
        line = head + ", ".join(group)
        if fits(0, line):
            yield line
        else:
            yield f"{head}("
            yield from (f"{pad}    {name}," for name in group)
            yield f"{pad})"
