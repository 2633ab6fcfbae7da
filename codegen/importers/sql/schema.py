"""A relational database as a schema: the rules that all engines share."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.diagnostics import Diagnostics
from codegen.ir.checks import check
from codegen.ir.model import Schema
from codegen.ir.model import Table as SchemaTable
from codegen.ir.types import BIGINT, NUMBER, Field, Object
from codegen.language.source import Loaded

from .catalogue import Catalogue, Table
from .columns import Columns
from .conditions import conditions
from .indexes import indexes
from .keys import notes_of_keys, own_id, own_time, some
from .names import plain_names
from .references import References
from .report import CONDITION, OTHER, RENAMED, Report, tables_missing
from .types import Types, named_types

_NO_SUCH = "E822"


def to_schema(
    catalogue: Catalogue,
    chosen: Sequence[str],
    diagnostics: Diagnostics,
    notes: list[str],
    integers: str = "int",
) -> Loaded | None:
    """The schema of the chosen tables, or of all; `notes` are said besides what is lost.

    `integers` is `int` or `float`: what whole numbers become.

    None, after a report, if a table does not exist or there is none.
    """
    report = Report(catalogue.place, diagnostics)
    tables = _chosen(catalogue, chosen, report)
    if not tables:
        return None
    names = plain_names(table.name for table in tables)
    for was, name in names.items():
        if was != name:
            report.lost(RENAMED, was, f"the table is written `{name}`")
    by_name = {table.name: table for table in catalogue.tables}
    references = References(by_name, names, report)
    references.read(tables)
    whole = NUMBER if integers == "float" else BIGINT
    types = named_types(catalogue, tables, report, whole)
    made = [
        _table(table, names[table.name], types, references, catalogue, report)
        for table in tables
    ]
    for other in catalogue.others:
        if other.table in names or not (other.table or chosen):
            place = ": ".join(filter(None, (other.table, other.name)))
            report.lost(OTHER, place, f"{other.kind} left out")
    notes += notes_of_keys(tables)
    notes += _notes_of_json(catalogue, tables)
    schema = Schema({table.name: table for table in made}, types.named)
    for fault in check(schema):
        place = ".".join(str(step) for step in fault.path[1:2])
        report.failed(fault.code, f"{place}: {fault.message}", fault.hint)
    return None if diagnostics.failed else Loaded(schema, lambda path: None)


def _notes_of_json(catalogue: Catalogue, tables: Sequence[Table]) -> list[str]:
    found = [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if catalogue.underlying(column.type).kind == "json"
    ]
    if not found:
        return []
    kept = "those that begin with `$` or are not of ASCII"
    return [f"JSON in {some(found)} may have keys that `Any` refuses: {kept}"]


def _chosen(catalogue: Catalogue, chosen: Sequence[str], report: Report) -> list[Table]:
    names = [table.name for table in catalogue.tables]
    if not names:
        report.failed(_NO_SUCH, "there is no table in it")
    elif tables_missing(chosen, names, report):
        return []
    return [table for table in catalogue.tables if not chosen or table.name in chosen]


def _table(
    table: Table,
    name: str,
    types: Types,
    references: References,
    catalogue: Catalogue,
    report: Report,
) -> SchemaTable:
    making = Columns(table, types, references, report, catalogue)
    own = (own_id(table), own_time(table))
    kept = [c for c in table.columns if c.name not in own and c.generated is None]
    names = plain_names(column.name for column in kept)
    _read_checks(table, making, own, catalogue, report)
    for column in table.columns:
        place = f"{table.name}.{column.name}"
        if column.generated is not None:
            text = " ".join(column.generated.split())
            report.lost(OTHER, place, f"generated column left out: {text}")
        elif column.name in names and names[column.name] != column.name:
            message = f"the column is written `{names[column.name]}`"
            report.lost(RENAMED, place, message)
    fields: list[Field] = [making.field(c, names[c.name]) for c in kept]
    nullable = [c.name for c, field in zip(kept, fields, strict=True) if field.optional]
    return SchemaTable(
        name,
        Object(tuple(fields)),
        indexes(table, names, nullable, report),
        description=table.description,
    )


def _read_checks(
    table: Table,
    making: Columns,
    own: tuple[str | None, ...],
    catalogue: Catalogue,
    report: Report,
) -> None:
    columns = {c.name: catalogue.underlying(c.type).kind for c in table.columns}
    gone = {column.name for column in table.columns if column.generated is not None}
    for text in table.checks:
        found = conditions(text, columns, brackets_quote=catalogue.brackets_quote)
        lost = list(found.unknown)
        for one in found.restrictions:
            if one.column in gone:
                lost.append(one.text)
            elif one.column not in own:
                making.restrictions.setdefault(one.column, []).append(one)
        for one_lost in lost:
            report.lost(CONDITION, table.name, f"CHECK ({one_lost}) is left out")
    for text in table.loose_checks:
        report.loose(table.name, text)
