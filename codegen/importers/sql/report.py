"""What is lost between a database and a schema, said with its place in the database."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.diagnostics import Diagnostic, Diagnostics

RENAMED = "W820"
TYPE = "W821"
CONDITION = "W822"
DEFAULT = "W823"
REFERENCE = "W824"
INDEX = "W825"
OTHER = "W826"


@dataclass(frozen=True, slots=True)
class Report:
    """A database has no lines: a place is its name, a table and a column."""

    database: str
    diagnostics: Diagnostics

    def lost(self, code: str, place: str, message: str, hint: str = "") -> None:
        """`place` is `table`, `table.column`, or `table: index`, as the database calls them."""
        told = f"{self.database}: {place}: {message}"
        self.diagnostics.add(Diagnostic(code, told, hint=hint))

    def failed(self, code: str, message: str, hint: str = "") -> None:
        told = f"{self.database}: {message}"
        self.diagnostics.add(Diagnostic(code, told, hint=hint))
