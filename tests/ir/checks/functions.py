"""Rules for functions, their arguments and results."""

from __future__ import annotations

from codegen.ir.types import (
    ANY,
    NULL,
    STRING,
    Array,
    Doc,
    Field,
    Id,
    Named,
    Object,
    Union,
)
from tests.ir.checks.small_schemas import Rule, having, nested, of, with_function

RULES: list[Rule] = [
    *(
        (
            "E240",
            ("functions", path),
            with_function(path),
            with_function(neighbour),
        )
        for path, neighbour in (
            ("list", "messages:list"),
            (":list", "m:list"),
            ("a//b:list", "a/b:list"),
            ("/a:list", "a:list"),
            ("a-b:list", "a.b:list"),
            ("é:list", "e:list"),
            ("_:list", "_1:list"),
            (f"{'a' * 65}:list", f"{'a' * 64}:list"),
            ("messages.js:list", "messages.ts:list"),
            ("messages:1st", "1:first"),
            ("messages:", "messages:default"),
            ("messages:a b", "messages:a_b"),
            ("_system/frontend:list", "_systems:list"),
            ("_deps/x:list", "a/_deps/x:list"),
            ("actions/_deps/x:list", "actions/deps:list"),
        )
    ),
    (
        "E241",
        ("functions", "m:f", "args"),
        with_function("m:f", args=STRING),
        with_function("m:f", args=having()),
    ),
    (
        "E241",
        ("functions", "m:f", "args"),
        with_function("m:f", args=Union((having(), NULL))),
        with_function("m:f", args=ANY),
    ),
    (
        "E242",
        ("tables", "t", "document", "field", "a", "element"),
        of(having(Array(Doc("t")))),
        of(having(Array(Id("t")))),
    ),
    (
        "E242",
        ("types", "T", "type"),
        of(having(), {"T": Doc("t")}),
        of(having(), {"T": Id("t")}),
    ),
    (
        "E243",
        ("functions", "m:f", "returns", "element", "table"),
        with_function("m:f", returns=Array(Doc("u"))),
        with_function("m:f", returns=Array(Doc("t"))),
    ),
    (
        "E243",
        ("functions", "m:f", "returns", "table"),
        with_function("m:f", returns=Doc("_storage")),
        with_function("m:f", returns=Id("_storage")),
    ),
    (
        "E210",
        ("functions", "m:f", "args", "field", "a", "table"),
        with_function("m:f", args=having(Id("u"))),
        with_function("m:f", args=having(Id("t"))),
    ),
    (
        "E203",
        ("functions", "m:f", "args", "field", "a b"),
        with_function("m:f", args=Object((Field("a b", STRING),))),
        with_function("m:f", args=Object((Field("_a", STRING),))),
    ),
    (
        "E211",
        ("functions", "m:f", "returns"),
        with_function("m:f", returns=Named("T")),
        with_function("m:f", returns=NULL),
    ),
    (
        "E217",
        ("functions", "m:f", "returns"),
        with_function("m:f", nested(40), returns=Array(Array(Array(Doc("t"))))),
        with_function("m:f", nested(40), returns=Array(Array(Doc("t")))),
    ),
]
