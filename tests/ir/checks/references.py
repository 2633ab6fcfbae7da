"""Rules for what is referred to: tables and named types."""

from __future__ import annotations

from codegen.ir.types import ANY, Array, Id, Named, Record
from tests.ir.checks.small_schemas import FIELD_A, Rule, having, of

RULES: list[Rule] = [
    ("E210", (*FIELD_A, "table"), of(having(Id("u"))), of(having(Id("t")))),
    (
        "E210",
        (*FIELD_A, "key", "table"),
        of(having(Record(Id("_users"), ANY))),
        of(having(Record(Id("_storage"), ANY))),
    ),
    ("E211", FIELD_A, of(having(Named("T"))), of(having(Named("T")), {"T": ANY})),
    (
        "E212",
        ("types", "B", "type", "element"),
        of(having(Named("A")), {"A": Array(Named("B")), "B": Array(Named("A"))}),
        of(having(Named("A")), {"A": Array(Named("B")), "B": Array(ANY)}),
    ),
    (
        "E212",
        ("types", "A", "type"),
        of(ANY, {"A": Named("A")}),
        of(ANY, {"A": Named("B"), "B": ANY}),
    ),
]
