"""The numbers of tables, which are in all ids: documents come with those that they had elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from codegen.engines.sql.catalog import Catalog
from codegen.engines.sql.layout import Layout
from codegen.engines.sql.whole_tables import drop_table, make_table

from .faults import TransferError

_MOST: Final = 1 << 31


def new_numbers(
    numbers: Mapping[str, int], wanted: Mapping[str, int], empty: Collection[str]
) -> dict[str, int]:
    """The numbers of all tables, where some are `wanted` and only `empty` tables can change.

    Raises a `TransferError` where a table with documents would have to.
    """
    changed = {name: n for name, n in wanted.items() if n and n != numbers[name]}
    for name, number in changed.items():
        if name not in empty:
            raise TransferError(
                f"table `{name}` has documents, whose ids begin with number"
                f" {numbers[name]}; those to be imported begin with {number}: import into"
                " an empty table, or with --mode replace"
            )
        others = {other for other, n in wanted.items() if n == number} - {name}
        if others:
            raise TransferError(
                f"the ids of tables `{name}` and `{min(others)}` begin with one number,"
                f" {number}: some are not those of their table"
            )
        if number >= _MOST:
            raise TransferError(f"{number} is too large for the number of a table")
    found = {**numbers, **changed}
    next_number = max(found.values(), default=0) + 1
    for name, number in numbers.items():
        if name not in changed and number in changed.values():
            if name not in empty or wanted.get(name):
                raise TransferError(
                    f"ids to be imported begin with number {number}, which is that of"
                    f" table `{name}`, and it has documents: import into a new database"
                )
            found[name] = next_number
            next_number += 1
    return found


def renumber(
    catalog: Catalog, layouts: Mapping[str, Layout], numbers: Mapping[str, int]
) -> dict[str, Layout]:
    """Lays empty tables out anew with other numbers; the answer is how all tables lie.

    It belongs into a transaction that records the schema again.
    """
    found = dict(layouts)
    changed = [name for name in layouts if layouts[name].number != numbers[name]]
    for name in changed:
        empty = layouts[name].built(layouts[name].unbuilt)
        found[name] = replace(
            empty,
            number=numbers[name],
            table=catalog.new_table_name(name),
            timed=catalog.dialect.timed,
        )
    for name in changed:
        drop_table(catalog, layouts[name])
    for name in changed:
        make_table(catalog, name, found[name])
    return found
