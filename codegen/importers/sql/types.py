"""Types of columns as types of the schema language, and what is lost between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from codegen.ir.model import NamedType, Schema
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    NEVER,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Literal,
    Named,
    Scalar,
    Type,
    Union,
)

from .catalogue import TEXTS, Catalogue, ColumnType, Domain, Table
from .conditions import conditions
from .names import class_names
from .report import CONDITION, DEFAULT, RENAMED, TYPE, Report
from .restrictions import padded, restricted

_SCALARS: Final = {
    "text": STRING,
    "float": NUMBER,
    "bool": BOOLEAN,
    "bytes": BYTES,
    "json": ANY,
    "anything": ANY,
    "decimal": NUMBER,
    "timestamp": NUMBER,
    "unknown": ANY,
    **dict.fromkeys(TEXTS, STRING),
}
_LOSSES: Final = {
    "whole": "written as for whole numbers, though SQLite takes others, too",
    "decimal": "written as `float`, which keeps about 15 digits",
    "timestamp": "written as `float`: milliseconds since 1970, in UTC",
    "unknown": "not known, written as `Any`",
    **dict.fromkeys(TEXTS, "written as `str`, which takes any text"),
}


@dataclass(frozen=True, slots=True)
class Types:
    """The named types of a schema, and what columns refer to them by."""

    named: Mapping[str, NamedType]
    names: Mapping[str, str]
    """The name of each type by the name of the enum or domain."""
    report: Report
    whole: Scalar = BIGINT
    """What whole numbers are."""

    def of(self, type_: ColumnType, place: str) -> Type:
        """The type of values that are there; says at the place what it does not keep."""
        innermost = type_
        while innermost.element is not None:
            innermost = innermost.element
        loss = _LOSSES.get(innermost.kind)
        if loss:
            self.report.lost(TYPE, place, f"`{innermost.written}` is {loss}")
        return self._plain(type_)

    def base(self, node: Type) -> Type:
        """What a type is without names and constraints."""
        while isinstance(node, (Named, Constrained)):
            outer = node
            node = (
                self.named[outer.name].type if isinstance(outer, Named) else outer.inner
            )
        return node

    def schema(self) -> Schema:
        """The named types alone."""
        return Schema({}, self.named)

    def _plain(self, type_: ColumnType) -> Type:
        if type_.element is not None:
            return Array(self._plain(type_.element))
        if type_.name:
            return Named(self.names[type_.name])
        is_whole = type_.kind in ("int", "whole")
        scalar = self.whole if is_whole else _SCALARS[type_.kind]
        return with_length(scalar, type_.max_length)


def with_length(node: Scalar, most: int | None) -> Type:
    if most is None:
        return node
    return Constrained(node, (Constraint("maxLength", most),))


def named_types(
    catalogue: Catalogue,
    tables: Iterable[Table],
    report: Report,
    whole: Scalar = BIGINT,
) -> Types:
    """The enums and domains that the tables use, as named types in the order of their names."""
    domains = {domain.name: domain for domain in catalogue.domains}
    used = _used(tables, domains)
    enums = [enum for enum in catalogue.enums if enum.name in used]
    wanted = [
        *(enum.name for enum in enums),
        *(name for name in domains if name in used),
    ]
    names = class_names(wanted)
    made: dict[str, NamedType] = {}
    for enum in enums:
        if not enum.values:
            report.lost(TYPE, enum.name, "an enum without values is written as `Never`")
        literals = tuple(Literal.of(value) for value in enum.values)
        node = _one_of(literals)
        name = names[enum.name]
        made[name] = NamedType(name, node, enum.description)
    types = Types(made, names, report, whole)
    todo = [domain for domain in catalogue.domains if domain.name in used]
    while todo:  # a domain may be one of another, which comes first
        waiting = [one for one in todo if not _is_ready(one.type, names, made)]
        for domain in todo:
            if domain not in waiting:
                name = names[domain.name]
                node = _domain(domain, types, catalogue)
                made[name] = NamedType(name, node, domain.description)
        todo = waiting
    for was, name in names.items():
        if was.replace("_", "").lower() != name.lower():
            report.lost(RENAMED, was, f"the type is written `{name}`")
    ordered = {names[name]: made[names[name]] for name in wanted}
    return Types(ordered, names, report, whole)


def _one_of(literals: tuple[Literal, ...]) -> Type:
    if not literals:
        return NEVER
    return literals[0] if len(literals) == 1 else Union(literals)


def _used(tables: Iterable[Table], domains: Mapping[str, Domain]) -> set[str]:
    todo = [column.type for table in tables for column in table.columns]
    used: set[str] = set()
    while todo:
        type_ = todo.pop()
        if type_.element is not None:
            todo.append(type_.element)
        elif type_.name and type_.name not in used:
            used.add(type_.name)
            if type_.name in domains:
                todo.append(domains[type_.name].type)
    return used


def _is_ready(
    type_: ColumnType, names: Mapping[str, str], made: Mapping[str, NamedType]
) -> bool:
    while type_.element is not None:
        type_ = type_.element
    return not type_.name or names[type_.name] in made


def _domain(domain: Domain, types: Types, catalogue: Catalogue) -> Type:
    report = types.report
    node = types.of(domain.type, domain.name)
    if domain.default is not None:
        message = f"the default {domain.default} of a type is left out"
        report.lost(DEFAULT, domain.name, message)
    base = catalogue.underlying(domain.type)
    kinds = {"VALUE": base.kind}
    found = [
        conditions(text, kinds, brackets_quote=catalogue.brackets_quote)
        for text in domain.checks
    ]
    lost = [text for one in found for text in one.unknown]
    wanted = [one for each in found for one in each.restrictions]
    wanted = [one for one in wanted if one.kind != "notNull"]
    wanted, unsuited = padded(base, wanted)
    made, left = restricted(node, types.base(node), wanted)
    lost += [one.text for one in (*unsuited, *left)]
    for text in dict.fromkeys(lost):
        report.lost(CONDITION, domain.name, f"CHECK ({text}) is left out")
    for text in domain.loose_checks:
        report.loose(domain.name, text)
    return made
