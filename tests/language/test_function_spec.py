"""What `npx convex function-spec` prints becomes functions, or faults at their places."""

from __future__ import annotations

import pytest

from codegen.codes import TITLES
from codegen.diagnostics import Diagnostic, Diagnostics, Path
from codegen.ir.model import Function
from codegen.ir.types import ANY, NULL, STRING, Array, Field, Id, Object
from codegen.language.function_spec import (
    FunctionSpec,
    load_functions,
    with_functions,
)
from codegen.language.source import Loaded, SourceFile
from tests.language.reading_support import read

SPEC = """{
  "url": "https://happy-otter-123.convex.cloud",
  "functions": [
    {
      "args": {"type": "object", "value": {
        "channel": {"fieldType": {"tableName": "channels", "type": "id"}, "optional": false},
        "limit": {"fieldType": {"type": "string"}, "optional": true}}},
      "functionType": "Query",
      "identifier": "messages.js:list",
      "returns": {"type": "array", "value": {"type": "id", "tableName": "messages"}},
      "visibility": {"kind": "public"}
    },
    {"functionType": "HttpAction", "method": "GET", "path": "/hook"},
    {
      "args": {"type": "any"},
      "functionType": "Action",
      "identifier": "ai/chat.js:default",
      "returns": null,
      "visibility": {"kind": "internal"}
    },
    {
      "args": {"type": "object", "value": {}},
      "functionType": "Mutation",
      "identifier": "messages.js:clear",
      "returns": {"type": "null"},
      "visibility": {"kind": "public"}
    }
  ]
}
"""


def spec_of(text: str) -> tuple[FunctionSpec | None, list[Diagnostic]]:
    diagnostics = Diagnostics()
    file = SourceFile("function_spec.json", text.encode())
    return load_functions(file, diagnostics), list(diagnostics)


def good() -> FunctionSpec:
    spec, faults = spec_of(SPEC)
    assert spec is not None
    assert faults == []
    return spec


def test_what_it_means() -> None:
    arguments = Object(
        (Field("channel", Id("channels")), Field("limit", STRING, optional=True))
    )
    expected = (
        Function(
            "messages:list", "query", args=arguments, returns=Array(Id("messages"))
        ),
        Function("ai/chat:default", "action", "internal"),
        Function("messages:clear", "mutation", args=Object(()), returns=NULL),
    )
    assert good().functions == {function.path: function for function in expected}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("messages:list",), '"messages.js:list"'),
        (("messages:list", "args"), '"object"'),
        (("messages:list", "args", "field", "limit"), '"limit"'),
        (("messages:list", "args", "field", "channel", "table"), '"channels"'),
        (("messages:list", "returns", "element", "table"), '"messages"'),
        (("ai/chat:default", "args"), '"any"'),
    ],
)
def test_where_it_is_written(path: Path, expected: str) -> None:
    span = good().locate(("functions", *path))
    assert span is not None
    line = SPEC.split("\n")[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == expected


def functions(*written: str) -> str:
    return f'{{"functions": [{", ".join(written)}]}}'


def function(text: str) -> str:
    start = '{"functionType": "Query", "identifier": "m.js:f", '
    return functions(start + '"visibility": {"kind": "public"}, ' + text + "}")


# The part in « » is where the fault must be.
REFUSED = [
    ("E401", "«n»ope"),
    ("E403", "«[»]"),
    ("E403", "«{»}"),
    ("E403", '{"functions": «{»}}'),
    ("E403", functions("«1»")),
    ("E403", functions("«{»}")),
    ("E403", functions('«{»"functionType": "Query"}')),
    ("E403", functions('«{»"functionType": "Query", "identifier": "m.js:f"}')),
    ("E403", function('"args": «1»')),
    ("E403", function('"returns": «{»}')),
    ("E404", function('"args": {"type": «"text"»}')),
    ("E420", functions('{"functionType": «"Cron"»}')),
    (
        "E420",
        functions(
            '{"functionType": "Query", "identifier": "m.js:f", '
            '"visibility": {"kind": «"secret"»}}'
        ),
    ),
    ("E422", functions('{"functionType": "Query", "identifier": «"m.js"»}')),
    (
        "E421",
        functions(
            *(
                '{"functionType": "Query", "visibility": {"kind": "public"}, '
                f'"identifier": {identifier}}}'
                for identifier in ('"m.js:f"', '«"m:f"»')
            )
        ),
    ),
]


@pytest.mark.parametrize(("code", "marked"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(code: str, marked: str) -> None:
    before, rest = marked.split("«")
    covered, after = rest.split("»")
    spec, faults = spec_of(before + covered + after)
    assert spec is None
    assert [fault.code for fault in faults] == [code]
    span = faults[0].span
    assert span is not None
    assert (span.file, span.line, span.column) == (
        "function_spec.json",
        1,
        len(before) + 1,
    )
    assert span.end_column == len(before) + 1 + len(covered)


def test_every_code_of_this_kind_has_a_case() -> None:
    codes = {code for code in TITLES if code.startswith("E42")}
    assert codes <= {code for code, _ in REFUSED}


def merged(functions: str) -> tuple[Loaded, list[Diagnostic]]:
    tables = "tables: {messages: {fields: Any}, channels: {fields: Any}}\n"
    loaded, faults = read(f"{tables}functions:\n{functions}")
    assert loaded is not None
    assert faults == []
    diagnostics = Diagnostics()
    return with_functions(loaded, good(), diagnostics), list(diagnostics)


def test_the_schema_fills_in_what_the_deployment_does_not_say() -> None:
    loaded, faults = merged(
        "  ai/chat:default:  # Answers.\n"
        "    {kind: action, visibility: internal, args: {a: str}, returns: str}\n"
        "  messages:list: {kind: query, returns: None}\n"
        "  more:own: {kind: query}\n"
    )
    assert faults == []
    found = loaded.schema.functions
    assert found.keys() == {*good().functions, "more:own"}
    assert found["ai/chat:default"] == Function(
        "ai/chat:default",
        "action",
        "internal",
        Object((Field("a", STRING),)),
        STRING,
        "Answers.",
    )
    assert found["messages:list"].args == good().functions["messages:list"].args
    assert found["messages:list"].returns == NULL
    assert found["more:own"].args == ANY

    def file(*path: str) -> str:
        span = loaded.locate(("functions", *path))
        assert span is not None
        return span.file

    assert file("messages:list") == "1.yaml"
    assert file("messages:list", "returns") == "1.yaml"
    assert file("messages:list", "args", "field", "limit") == "function_spec.json"
    assert file("messages:clear", "returns") == "function_spec.json"
    assert file("more:own", "args") == "1.yaml"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "messages:list: {kind: mutation}",
            "a public mutation here, and a public query",
        ),
        (
            "ai/chat:default: {kind: action}",
            "a public action here, and an internal action",
        ),
    ],
)
def test_two_kinds_of_one_function(entry: str, said: str) -> None:
    _, (fault,) = merged(f"  {entry}\n")
    assert fault.code == "E421"
    assert said in fault.message
    assert fault.span is not None
    assert fault.span.file == "1.yaml"
    assert fault.notes[0].span is not None
    assert fault.notes[0].span.file == "function_spec.json"
