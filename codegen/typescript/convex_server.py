"""The module `convex/server` and the folder `_generated`: what schemas and functions use of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registered import builders
from .tables import TableDefinition, define_schema, define_table, document_of
from .values import (
    UNDEFINED,
    Native,
    Origin,
    Reference,
    Unreadable,
    Value,
    known,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def convex_server() -> dict[str, Value]:
    """The exports of `convex/server`."""
    return {
        **builders("Generic"),
        "httpActionGeneric": Native("httpActionGeneric", _reference),
        "defineSchema": Native("defineSchema", define_schema),
        "defineTable": Native("defineTable", define_table),
        "docValidator": Native("docValidator", _doc_validator),
        "anyApi": Reference(),
        "componentsGeneric": Native("componentsGeneric", _reference),
        "makeFunctionReference": Native("makeFunctionReference", _reference),
    }


def generated_server() -> dict[str, Value]:
    """The exports of `_generated/server`."""
    return {**builders(), "httpAction": Native("httpAction", _reference)}


def generated_api() -> dict[str, Value]:
    """The exports of `_generated/api`."""
    return {name: Reference() for name in ("api", "internal", "components")}


def _reference(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return Reference()


def _doc_validator(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    """`docValidator(tableName, table)`."""
    name, table = map(known, (*args, UNDEFINED, UNDEFINED)[:2])
    if not isinstance(name, str) or not isinstance(table, TableDefinition):
        raise Unreadable("`docValidator` with these arguments", origin)
    return document_of(e, name, table.validator, origin)
