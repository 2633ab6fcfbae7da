"""Rules for how many, how wide and how deep: Convex's own limits, and what would take for ever."""

from __future__ import annotations

from codegen.ir.model import Schema, Table
from codegen.ir.types import ANY, Array, Named
from tests.ir.checks.small_schemas import (
    DOCUMENT,
    FIELD_A,
    Rule,
    deep,
    doubling,
    having,
    of,
    wide,
)

RULES: list[Rule] = [
    (
        "E206",
        ("tables", "t10000"),
        Schema({f"t{i}": Table(f"t{i}", ANY) for i in range(10_001)}),
        Schema({f"t{i}": Table(f"t{i}", ANY) for i in range(10_000)}),
    ),
    (
        "E222",
        DOCUMENT,
        of(having(Named("T0")), doubling(30)),
        of(having(Named("T0")), doubling(10)),
    ),
    ("E216", DOCUMENT, of(wide(1023)), of(wide(1022))),
    ("E216", FIELD_A, of(having(wide(1025))), of(having(wide(1024)))),
    ("E217", DOCUMENT, of(having(deep(121))), of(having(deep(120)))),
    (
        "E217",
        DOCUMENT,
        of(having(Named("A")), {"A": Array(Named("B")), "B": deep(120)}),
        of(having(Named("A")), {"A": Array(Named("B")), "B": deep(119)}),
    ),
]
