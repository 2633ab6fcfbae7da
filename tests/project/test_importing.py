"""A schema of any language becomes a native one that says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json
from codegen.ir import canonical
from codegen.ir.checks import check
from codegen.ir.model import Function, NamedType, Schema, Table
from codegen.ir.types import (
    ANY,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Array,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.language.load import load
from codegen.language.native_writer import dumps
from codegen.language.plain_unions import with_plain_unions
from codegen.language.source import Loaded, SourceFile
from codegen.project.importing import native_text
from codegen.project.named_objects import with_named_objects
from codegen.python.classes import class_names
from tests.cases.cases import ACCEPTED, FOLDER
from tests.ir.strategies import same_json, schemas
from tests.language.reading_support import schema_of

ROOT = Path(__file__).parents[2]
CASES = [p for name in ACCEPTED for p in sorted((FOLDER / name).glob("schema*"))[:1]]
EXPORTS = sorted((ROOT / "tests/corpus/schemas").glob("*.json"))
FILES = [ROOT / "schema", ROOT / "tests/interop/everything.yaml", *CASES, *EXPORTS]


def read(path: Path) -> Loaded:
    """The schema of a file, or of a folder of files."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    sources = [SourceFile(file.name, file.read_bytes()) for file in files]
    loaded = load(sources, Diagnostics())
    assert loaded is not None
    return loaded


def imported(schema: Schema) -> tuple[Schema, list[str]]:
    """The native schema, and what is said about it: the path of each type that is other."""
    plain, faults = with_plain_unions(schema)
    form = with_named_objects(plain)
    again = schema_of(dumps(form))
    assert meaning(again) == meaning(form)
    assert same_json(convex_json.export(again), convex_json.export(plain))
    return again, [
        f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in faults
    ]


def meaning(schema: Schema) -> Any:
    """The schema as data, without the blanks around descriptions."""
    return json.loads(canonical.dumps(schema), object_hook=_trimmed)


def _trimmed(data: dict[str, Any]) -> dict[str, Any]:
    text = data.get("description")
    if isinstance(text, str):
        data["description"] = text.strip()
        if not data["description"]:
            del data["description"]
    return data


def codes(schema: Schema) -> list[str]:
    return [fault.code for fault in check(schema)]


def of(*fields: Field, **types: Type) -> Schema:
    named = {name: NamedType(name, node) for name, node in types.items()}
    return Schema({"messages": Table("messages", Object(fields))}, named)


@pytest.mark.parametrize("path", FILES, ids=lambda path: "-".join(path.parts[-2:]))
def test_schemas_of_files(path: Path) -> None:
    schema = read(path).schema
    again, told = imported(schema)
    assert codes(again) == codes(schema)
    for table, names in class_names(schema, {})[0].tables.items():
        assert class_names(again, {})[0].tables[table].document == names.document
    if path.suffix != ".json":
        assert (again, told) == (schema, [])
    elif not told:
        assert same_json(convex_json.export(again), convex_json.export(schema))


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(schemas())
def test_any_schema(schema: Schema) -> None:
    assume(schema.tables and not class_names(schema, {})[1])
    form = with_named_objects(with_plain_unions(schema)[0])
    try:
        dumps(form)
    except ValueError:
        assume(False)  # a default that no file can hold
    again, _ = imported(schema)
    assert [*again.tables] == [*schema.tables]


def test_objects_in_lists_dicts_and_unions_get_the_names_of_their_classes() -> None:
    part = Object((Field("at", NUMBER), Field("marks", Array(Object(())))))
    text = Object((Field("kind", Literal.of("text")), Field("text", STRING)))
    image = Object((Field("kind", Literal.of("image")), Field("url", STRING)))
    again, told = imported(
        of(
            Field("parts", Array(part)),
            Field("byName", Record(STRING, part)),
            Field("author", Union((Object((Field("name", STRING),)), NULL))),
            Field("contents", Array(Union((text, image, STRING)))),
            Field("place", Object((Field("stops", Array(part)),))),
        )
    )
    assert told == []
    assert dumps(again) == """\
types:
  MessagePart:
    at: float
    marks: list[MessagePartMark]

  MessagePartMark: {}

  MessageByName:
    at: float
    marks: list[MessageByNameMark]

  MessageByNameMark: {}
  MessageAuthor: {name: str}

  MessageContentText:
    kind: Literal["text"]
    text: str

  MessageContentImage:
    kind: Literal["image"]
    url: str

  MessagePlaceStop:
    at: float
    marks: list[MessagePlaceStopMark]

  MessagePlaceStopMark: {}

tables:
  messages:
    fields:
      parts: list[MessagePart]
      byName: dict[str, MessageByName]
      author: MessageAuthor | None
      contents: list[MessageContentText | MessageContentImage | str]
      place:
        stops: list[MessagePlaceStop]
"""


def test_a_name_that_is_taken_gets_a_number() -> None:
    part = Object((Field("at", NUMBER),))
    schema = of(Field("parts", Array(part)), Field("ids", Array(part)))
    other = Table("messageParts", Object((Field("x", STRING),)))
    again, _ = imported(Schema({**schema.tables, "messageParts": other}))
    assert [*again.types] == ["MessagePart2", "MessageId2"]


def test_a_type_with_a_word_of_the_language_gets_another_name() -> None:
    again, _ = imported(
        of(Field("a", Named("Page")), Page=Union((STRING, NULL)), PageType=STRING)
    )
    assert [*again.types] == ["PageType2", "PageType"]
    document = again.tables["messages"].document
    assert document == Object((Field("a", Named("PageType2")),))


def test_kinds_of_documents_are_named_as_their_classes() -> None:
    kinds = [Object((Field("kind", Literal.of(word)),)) for word in ("on", "off")]
    union = Union(tuple(kinds))
    again, _ = imported(
        Schema({"events": Table("events", union, staged_document=union)})
    )
    text = dumps(again)
    kinds_as_written = re.findall("^( +)(EventO.+):$", text, re.MULTILINE)
    assert [len(margin) for margin, _ in kinds_as_written] == [6, 6, 8, 8]
    assert [name for _, name in kinds_as_written] == ["EventOn", "EventOff"] * 2
    known = Schema(
        {"events": Table("events", Union((kinds[0], Named("Off"))))},
        {"Off": NamedType("Off", kinds[1])},
    )
    assert "    union: [EventOn, Off]\n" in dumps(imported(known)[0])


def test_documents_with_a_name_are_written_out() -> None:
    shape = Object((Field("a", STRING),))
    again, told = imported(
        Schema(
            {"one": Table("one", Named("One")), "two": Table("two", Named("Two"))},
            {
                "One": NamedType("One", shape),
                "Two": NamedType("Two", Union((Named("One"), Named("Other")))),
                "Other": NamedType("Other", Object((Field("b", STRING),))),
            },
        )
    )
    assert told == []
    text = dumps(again)
    assert "  one:\n    fields:\n      a: str\n" in text
    assert "  two:\n    union: [One, Other]\n" in text


def test_unions_in_unions_and_of_one_type_are_told() -> None:
    nested = Union((STRING, Union((NUMBER, NULL)), NEVER))
    again, told = imported(
        of(
            Field("a", nested),
            Field("b", Array(Union((Literal.of("x"),)))),
            Field("c", Union((Object((Field("d", nested),)),)), optional=True),
            Field("e", NEVER, optional=True),
            N=Union((Union((STRING,)), NULL)),
        )
    )
    path = "tables.messages.document.field"
    inner = "a union in a union is written as one union"
    one = "a union of one type is written as that type"
    assert told == [
        f"{path}.a.arm.1: {inner}",
        f"{path}.a.arm.2: {inner}",
        f"{path}.b.element: {one}",
        f"{path}.c.arm.0.field.d.arm.1: {inner}",
        f"{path}.c.arm.0.field.d.arm.2: {inner}",
        f"{path}.c: {one}",
        f"types.N.type.arm.0: {one}",
    ]
    assert dumps(again).endswith("""\
      a: str | float | None
      b: list[Literal["x"]]
      c?: {d: str | float | None}
      e?: Never
""")


def test_a_kind_of_document_that_is_there_twice() -> None:
    _, told = imported(
        Schema(
            {"t": Table("t", Union((Named("One"), Named("One"))))},
            {"One": NamedType("One", Object(()))},
        )
    )
    assert told == [
        "tables.t.document.arm.1: a type that is there twice is written once"
    ]


def test_functions() -> None:
    item = Object((Field("a", STRING),))
    args = Object((Field("items", Array(item)),))
    again, _ = imported(
        Schema(
            of(Field("a", STRING)).tables,
            functions={
                "m:list": Function("m:list", "query", args=args, returns=Array(item)),
                "m:run": Function("m:run", "action", "internal", ANY, item),
            },
        )
    )
    assert dumps(again).endswith("""\
functions:
  m:list:
    kind: query
    args:
      items: list[ListItem]
    returns: list[ListResult]

  m:run:
    kind: action
    visibility: internal
    returns: {a: str}
""")


def test_whole_documents_in_objects_with_a_name_are_written_out() -> None:
    part = Object((Field("at", NUMBER),))
    tables = of(Field("parts", Array(part))).tables
    kinds = [Object((Field("kind", Literal.of(word)),)) for word in ("on", "off")]
    events = Table("events", Union(tuple(kinds)))
    item = Object((Field("message", Doc("messages")), Field("event", Doc("events"))))
    returns = Array(Union((item, Doc("messages"))))
    listed = Function("m:list", "query", args=Object(()), returns=returns)
    again, told = imported(
        Schema({**tables, "events": events}, functions={"m:list": listed})
    )
    assert (told, codes(again)) == ([], [])
    assert again.functions["m:list"].returns == Array(
        Union((Named("ListResult"), Doc("messages")))
    )
    assert again.types["ListResult"].type == Object(
        (
            Field("message", Named("MessageDocument")),
            Field(
                "event",
                Union((Named("EventDocumentOn"), Named("EventDocumentOff"))),
            ),
        )
    )
    assert again.types["MessageDocument"].type == Object(
        (
            Field("_id", Id("messages")),
            Field("_creationTime", NUMBER),
            Field("parts", Array(Named("MessagePart"))),
        )
    )


def test_a_schema_without_tables_can_not_be_written() -> None:
    found = Diagnostics()
    assert native_text(Loaded(Schema(), lambda path: None), found) is None
    assert [one.code for one in found] == ["E115"]
