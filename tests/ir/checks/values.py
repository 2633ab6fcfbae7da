"""Rules for defaults and constraints."""

from __future__ import annotations

from codegen.ir.types import (
    BIGINT,
    NULL,
    NUMBER,
    STRING,
    Constrained,
    Constraint,
    Default,
    Union,
)
from tests.ir.checks.small_schemas import FIELD_A, Rule, constrained, having, of

RULES: list[Rule] = [
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(NUMBER, default=Default("1"))),
        of(having(NUMBER, default=Default(1))),
    ),
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(BIGINT, default=Default(1))),
        of(having(BIGINT, default=Default({"$integer": "AQAAAAAAAAA="}))),
    ),
    (
        "E218",
        (*FIELD_A, "default"),
        of(having(STRING, default=Default(None))),
        of(having(NULL, default=Default(None))),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, ge=0)),
        of(constrained(NUMBER, ge=0)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(NUMBER, pattern="a")),
        of(constrained(STRING, pattern="a")),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, minLength=-1)),
        of(constrained(STRING, minLength=0)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(NUMBER, le=float("inf"))),
        of(constrained(NUMBER, le=1e308)),
    ),
    (
        "E219",
        (*FIELD_A, "constraint", 0),
        of(constrained(Union((NUMBER, NULL)), ge=0)),
        of(having(Union((Constrained(NUMBER, (Constraint("ge", 0),)), NULL)))),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(NUMBER, ge=2, le=1)),
        of(constrained(NUMBER, ge=1, le=1)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(NUMBER, ge=1, lt=1)),
        of(constrained(NUMBER, gt=1, le=2)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(BIGINT, gt=1, lt=2)),
        of(constrained(NUMBER, gt=1, lt=2)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 1),
        of(constrained(STRING, maxLength=1, minLength=2)),
        of(constrained(STRING, maxLength=2, minLength=1)),
    ),
    (
        "E220",
        (*FIELD_A, "constraint", 0),
        of(
            having(
                Constrained(
                    Constrained(NUMBER, (Constraint("ge", 5),)), (Constraint("le", 4),)
                )
            )
        ),
        of(
            having(
                Constrained(
                    Constrained(NUMBER, (Constraint("ge", 5),)), (Constraint("le", 5),)
                )
            )
        ),
    ),
    (
        "E221",
        (*FIELD_A, "constraint", 0),
        of(constrained(STRING, pattern="(")),
        of(constrained(STRING, pattern="()")),
    ),
]
