"""What is lost between a database and a schema, said with its place in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from codegen.diagnostics import Diagnostic, Diagnostics, closest

RENAMED = "W820"
TYPE = "W821"
CONDITION = "W822"
DEFAULT = "W823"
REFERENCE = "W824"
INDEX = "W825"
OTHER = "W826"
_NO_SUCH = "E822"
_MOST = 12
"""So many tables are listed in an error."""


@dataclass(frozen=True, slots=True)
class Report:
    """A database has no lines: a place is its name, a table and a column."""

    database: str
    diagnostics: Diagnostics

    def lost(self, code: str, place: str, message: str, hint: str = "") -> None:
        """`place` is `table`, `table.column`, or `table: index`, as the database calls them."""
        self._add(code, f"{place}: {message}", hint)

    def loose(self, place: str, text: str) -> None:
        """A condition that rows of before may not meet."""
        said = " ".join(text.split())
        message = f"CHECK ({said}) is left out: it does not hold for every row"
        self.lost(CONDITION, place, message)

    def failed(self, code: str, message: str, hint: str = "") -> None:
        self._add(code, message, hint)

    def _add(self, code: str, message: str, hint: str) -> None:
        told = f"{self.database}: {message}"
        diagnostic = Diagnostic(code, printable(told), hint=printable(hint))
        self.diagnostics.add(diagnostic)


def tables_missing(chosen: Sequence[str], names: Sequence[str], report: Report) -> bool:
    """Reports each of the chosen tables that does not exist, with those that do."""
    missing = [name for name in dict.fromkeys(chosen) if name not in names]
    for name in missing:
        hint = closest(name, names) or f"the tables are: {_listed(names)}"
        report.failed(_NO_SUCH, f"there is no table {name}", hint)
    return bool(missing)


def _listed(names: Sequence[str]) -> str:
    more = f", and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def printable(text: str) -> str:
    """Names and defaults of a database may hold characters that a terminal obeys."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
