"""Rules for documents, the keys of records, and literals."""

from __future__ import annotations

from codegen.ir.types import (
    ANY,
    NULL,
    NUMBER,
    STRING,
    Array,
    Id,
    Literal,
    Named,
    Record,
    Union,
)
from tests.ir.checks.small_schemas import DOCUMENT, FIELD_A, Rule, having, of

RULES: list[Rule] = [
    ("E213", DOCUMENT, of(STRING), of(ANY)),
    ("E213", DOCUMENT, of(Union(())), of(Union((having(),)))),
    ("E213", (*DOCUMENT, "arm", 1), of(Union((having(), ANY))), of(Union((having(),)))),
    (
        "E213",
        DOCUMENT,
        of(Named("T"), {"T": Array(ANY)}),
        of(Named("T"), {"T": Union((having(), having(NUMBER)))}),
    ),
    (
        "E213",
        (*DOCUMENT, "arm", 1),
        of(Union((having(), Named("T"))), {"T": Union((having(), having()))}),
        of(Union((having(), Named("T"))), {"T": having()}),
    ),
    (
        "E213",
        ("tables", "t", "stagedDocument"),
        of(ANY, staged_document=NULL),
        of(ANY, staged_document=having()),
    ),
    (
        "E214",
        (*FIELD_A, "key"),
        of(having(Record(NUMBER, ANY))),
        of(having(Record(STRING, ANY))),
    ),
    (
        "E214",
        (*FIELD_A, "key"),
        of(having(Record(Union((STRING, Literal.of("x"))), ANY))),
        of(having(Record(Union((STRING, Id("t"))), ANY))),
    ),
    (
        "E215",
        FIELD_A,
        of(having(Literal.of(float("nan")))),
        of(having(Literal.of(0.5))),
    ),
    ("E215", FIELD_A, of(having(Literal.of(2**63))), of(having(Literal.of(2**63 - 1)))),
    ("E215", FIELD_A, of(having(Literal.of("\ud800"))), of(having(Literal.of("🔥")))),
]
