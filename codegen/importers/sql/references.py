"""Foreign keys as ids of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .catalogue import ForeignKey, Table
from .report import REFERENCE, Report


@dataclass(frozen=True, slots=True)
class References:
    """Which columns hold the id of a document of which table."""

    tables: Mapping[str, Table]
    """All tables of the database by their names in lower case, if it takes them for the same."""
    names: Mapping[str, str]
    """The names in the schema of the tables that are imported, by their own."""
    report: Report
    _targets: dict[tuple[str, str], str] = field(
        default_factory=dict[tuple[str, str], str]
    )

    def target(self, table: Table, column: str) -> str | None:
        """The table in the schema to which the column of a table refers."""
        return self._targets.get((table.name, column))

    def read(self, tables: Sequence[Table]) -> None:
        """Takes in the foreign keys of the tables, and says which are not ids."""
        for table in tables:
            for key in table.foreign_keys:
                self._read(table, key)

    def _read(self, table: Table, key: ForeignKey) -> None:
        place = f"{table.name}.{', '.join(key.columns)}"
        reason = self._why_not(table, key)
        if reason:
            message = f"the reference to {key.to_table} is left out: {reason}"
            self.report.lost(REFERENCE, place, message)
            return
        name = self.names[self.tables[key.to_table].name]
        self._targets[table.name, key.columns[0]] = name
        if key.actions:
            hint = "what happens to documents with another one is for the program to do"
            self.report.lost(REFERENCE, place, f"{key.actions} is left out", hint)

    def _why_not(self, table: Table, key: ForeignKey) -> str:
        other = self.tables.get(key.to_table)
        if len(key.columns) != 1:
            return "it has several columns"
        if other is None:
            return "the table is not among those that are read"
        if other.name not in self.names:
            return "the table is not imported"
        if len(other.primary_key) != 1 or (
            key.to_columns and key.to_columns != other.primary_key
        ):
            return f"{', '.join(key.to_columns)} is not the primary key"
        if (table.name, key.columns[0]) in self._targets:
            return "the column refers to another table already"
        return ""
