"""What changed between two schemas' functions, and whom it can break: who calls them."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.ir.delta import Change, compare
from codegen.ir.model import Function, Schema, Table
from codegen.ir.types import (
    ANY,
    BIGINT,
    NULL,
    NUMBER,
    STRING,
    Array,
    Doc,
    Field,
    Object,
    Type,
    Union,
)

TABLES = {"t": Table("t", Object((Field("a", STRING),)))}


def having(kind: Any = "query", **rest: Any) -> Schema:
    return Schema(TABLES, functions={"m:f": Function("m:f", kind, **rest)})


def taking(node: Type, *, optional: bool = False) -> Schema:
    return having(args=Object((Field("a", node, optional),)))


def giving(node: Type | None) -> Schema:
    return having(returns=node)


CASES: list[tuple[Schema, Schema, list[tuple[str, bool]]]] = [
    (having(), having(), []),
    (having(), having(description="Better described."), []),
    (Schema(TABLES), having(), [("m:f: new query", False)]),
    (having("action"), Schema(TABLES), [("m:f: action removed", True)]),
    (
        having("query"),
        having("mutation", visibility="internal"),
        [("m:f: query -> internal mutation", True)],
    ),
    (taking(STRING), taking(BIGINT), [("m:f args.a: str -> int", True)]),
    (
        taking(STRING),
        taking(Union((STRING, NULL))),
        [("m:f args.a: str -> str | None", False)],
    ),
    (
        taking(STRING),
        taking(STRING, optional=True),
        [("m:f args.a: required -> optional", False)],
    ),
    (
        taking(STRING, optional=True),
        taking(STRING),
        [("m:f args.a: optional -> required", True)],
    ),
    (
        having(args=Object(())),
        taking(STRING),
        [("m:f args.a: new argument, a: str", True)],
    ),
    (having(args=Object(())), having(), [("m:f args: {} -> Any", False)]),
    (
        giving(STRING),
        giving(Union((STRING, NULL))),
        [("m:f result: str -> str | None", True)],
    ),
    (
        giving(Union((STRING, NULL))),
        giving(STRING),
        [("m:f result: str | None -> str", False)],
    ),
    (giving(None), giving(NUMBER), [("m:f result: Any -> float", False)]),
    (giving(NUMBER), giving(None), [("m:f result: float -> Any", True)]),
    (giving(None), giving(ANY), []),
    (
        giving(Array(Doc("t"))),
        giving(Array(NULL)),
        [("m:f result[]: Doc[t] -> None", True)],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=range(len(CASES)))
def test_the_change(old: Schema, new: Schema, expected: list[tuple[str, bool]]) -> None:
    changes: list[Change] = compare(old, new)
    assert [(change.text, change.widens) for change in changes] == expected
    assert all(change.path[:2] == ("functions", "m:f") for change in changes)
    assert not any(change.narrows for change in changes), "no document is stored here"
