"""The diagram of a schema, as the real Mermaid draws it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from codegen.interop.mermaid import dumps, warnings
from codegen.ir.model import Index, NamedType, Schema, Table
from codegen.ir.nodes import tables_of_ids
from codegen.ir.types import (
    ANY,
    BIGINT,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from tests.cases.cases import codegen
from tests.interop.real_mermaid import Box, RealMermaid
from tests.interop.schema_files import OURS, REAL, SchemaFile
from tests.ir.strategies import schemas, texts

LARGEST = 50_000


def table(node: Type, *, optional: bool = False, about: str = "") -> Schema:
    """A schema with the table `t`, whose documents have one field, `a`."""
    fields = (Field("a", node, optional=optional, description=about),)
    named = {"Word": NamedType("Word", Union((Literal.of("x"), Literal.of("y"))))}
    return Schema({"t": Table("t", Object(fields)), "u": Table("u", Object(()))}, named)


def drawn(real: RealMermaid, schema: Schema) -> tuple[str, str, str, str]:
    """Type, name, keys and comment of the field `a` as they are drawn."""
    box = real.draw(dumps(schema)).boxes["t"]
    return box.types[2], box.fields[2], box.keys[2], box.comments[2]


def assert_drawn(real: RealMermaid, schema: Schema) -> None:
    """Every table, field and description can be read, and nothing else is there."""
    picture = real.draw(dumps(schema))
    strangers = {of for of, *_ in picture.lines} - {*schema.tables}
    assert picture.boxes.keys() == {*schema.tables} | strangers
    assert strangers <= tables_of_ids(schema)
    for name, of in schema.tables.items():
        box = picture.boxes[name]
        assert box.fields[:2] == ["_id", "_creationTime"]
        if isinstance(of.document, Object):
            assert_fields(box, of.document)


def assert_fields(box: Box, document: Object) -> None:
    marks = {"pk", "fk", "uk"}
    names = [field.name for field in document.fields]
    assert len(box.fields) == len(names) + 2
    for field, called, comment in zip(
        document.fields, box.fields[2:], box.comments[2:], strict=True
    ):
        assert called == field.name or field.name.lower() in marks
        first = re.split(r"\n\s*\n", field.description.strip())[0]
        assert " ".join(comment.split()).endswith(readable(first))


def readable(text: str) -> str:
    """The text on one line, without what no picture can have."""
    shown = re.sub("[\x00-\x1f\x7f-\x9f\ufeff]", " ", text)
    return " ".join(re.sub("[\ufffe\uffff]", "\ufffd", shown).split())


@pytest.mark.parametrize("file", OURS, ids=str)
def test_mermaid_draws_the_schema(file: SchemaFile, real_mermaid: RealMermaid) -> None:
    assert_drawn(real_mermaid, file.read())


@pytest.mark.slow
@pytest.mark.parametrize("file", REAL, ids=str)
def test_mermaid_draws_the_schemas_of_applications(
    file: SchemaFile, real_mermaid: RealMermaid
) -> None:
    schema = file.read()
    told = [fault.code for fault in warnings(schema)]
    if len(dumps(schema)) > LARGEST:
        assert "W445" in told
        # It draws a picture that says so.
        assert real_mermaid.draw(dumps(schema)).boxes.keys() != schema.tables.keys()
    else:
        assert "W445" not in told
        assert_drawn(real_mermaid, schema)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(schema=schemas())
def test_mermaid_draws_any_schema(schema: Schema, real_mermaid: RealMermaid) -> None:
    assert_drawn(real_mermaid, schema)


HOSTILE = [
    'say "this"',
    "it's",
    "a % b %% c %%{init: {'theme': 'dark'}}%% d",
    "direction LR",
    "erDiagram } end --- title: x",
    "*a* **b** _c_ __d__ ~~e~~ ~f~ `g` snake_case",
    "1. one - two + three # four > five",
    "<b>x</b> <br/> <script>alert(1)</script> a < b & c &amp; d &lt; e",
    "[a](https://example.com) https://example.com/a:b fa:fa-car $$x^2$$",
    "style: #fff; classDef x: #a; #quot; #35;",
    "back\\slash \\n \\",
    "é 漢字 🔥 \u202eleft",
    "PK, FK UK",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_read_as_they_are(text: str, real_mermaid: RealMermaid) -> None:
    schema = table(STRING, about=text)
    assert drawn(real_mermaid, schema) == ("str", "a", "", text)
    literal = Union((Literal.of(text), NULL))
    comment = drawn(real_mermaid, table(literal))[3]
    assert comment.endswith(("…", " | None"))


def test_without_escapes_mermaid_would_fail(real_mermaid: RealMermaid) -> None:
    text = dumps(table(STRING, about="PLACE"))
    assert real_mermaid.error(text) == ""
    assert real_mermaid.error(text.replace("PLACE", 'say "this"')) != ""
    assert real_mermaid.error(text.replace("PLACE", "~f~")) != ""


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=texts, about=texts)
def test_any_description(text: str, about: str, real_mermaid: RealMermaid) -> None:
    document = Object((Field("a", STRING, description=text),))
    schema = Schema({"t": Table("t", document, description=about)})
    picture = real_mermaid.draw(dumps(schema))
    assert picture.boxes["t"].fields == ["_id", "_creationTime", "a"]


NAMES = [
    *("one", "many", "to", "u", "end", "style", "class", "classDef", "title"),
    *("direction", "erDiagram", "subgraph", "accTitle", "PK", "constructor", "x__"),
]


@pytest.mark.parametrize("name", NAMES)
def test_words_of_mermaid_are_names(name: str, real_mermaid: RealMermaid) -> None:
    fields = (Field(name, STRING), Field("next", Id(name)))
    schema = Schema({name: Table(name, Object(fields))})
    assert_drawn(real_mermaid, schema)


@pytest.mark.parametrize("name", ["pk", "FK", "Uk"])
def test_names_that_mermaid_takes_for_marks(
    name: str, real_mermaid: RealMermaid
) -> None:
    fields = (Field(name, STRING), Field(f"{name}_", STRING))
    schema = Schema({"t": Table("t", Object(fields))})
    box = real_mermaid.draw(dumps(schema)).boxes["t"]
    assert box.fields[2:] == [f"{name}__", f"{name}_"]
    (fault,) = warnings(schema)
    assert (fault.code, fault.path[-1]) == ("W442", name)


@pytest.mark.parametrize(
    ("node", "optional", "type_", "keys", "comment"),
    [
        (NUMBER, False, "float", "", ""),
        (BIGINT, True, "int", "", "optional"),
        (Union((STRING, NULL)), False, "str", "", "or None"),
        (Union((STRING, NULL)), True, "str", "", "optional, or None"),
        (Union((STRING, NUMBER)), False, "union", "", "str | float"),
        (Array(STRING), False, "list[str]", "", ""),
        (Record(STRING, NUMBER), False, "dict", "", "dict[str, float]"),
        (Object((Field("x", ANY),)), False, "object", "", "{x: Any}"),
        (Literal.of("x"), False, "str", "", "Literal['x']"),
        (Named("Word"), False, "Word", "", "Literal['x', 'y']"),
        (Array(Named("Word")), True, "list[Word]", "", "optional"),
        (
            Constrained(STRING, (Constraint("minLength", 1),)),
            *(False, "str", "", "MinLen(1)"),
        ),
        (Id("u"), False, "Id[u]", "FK", ""),
        (Array(Id("u")), False, "list[Id[u]]", "FK", ""),
        (Union((Id("u"), Id("t"))), False, "union", "FK", "Id[u] | Id[t]"),
    ],
    ids=str,
)
def test_a_field_is_drawn_as(
    node: Type,
    optional: bool,
    type_: str,
    keys: str,
    comment: str,
    real_mermaid: RealMermaid,
) -> None:
    schema = table(node, optional=optional)
    assert drawn(real_mermaid, schema) == (type_, "a", keys, comment)


ONE, MAYBE, MANY = "ONLY_ONE", "ZERO_OR_ONE", "ZERO_OR_MORE"


@pytest.mark.parametrize(
    ("node", "optional", "count", "label"),
    [
        (Id("u"), False, ONE, "a"),
        (Id("u"), True, MAYBE, "a"),
        (Union((Id("u"), NULL)), False, MAYBE, "a"),
        (Array(Id("u")), False, MANY, "a"),
        (Record(Id("u"), ANY), False, MANY, "a"),
        (Object((Field("b", Id("u")),)), False, ONE, "a.b"),
        (Object((Field("_b_", Id("u")),)), True, MAYBE, "a._b_"),
        (Array(Object((Field("b", Id("u")),))), False, MANY, "a.b"),
    ],
    ids=str,
)
def test_ids_are_lines(
    node: Type, optional: bool, count: str, label: str, real_mermaid: RealMermaid
) -> None:
    picture = real_mermaid.draw(dumps(table(node, optional=optional)))
    assert picture.lines == [("u", count, MANY, "t")]
    assert picture.labels == [label]


def test_a_unique_id_is_of_one_document(real_mermaid: RealMermaid) -> None:
    document = Object((Field("a", Id("u")), Field("b", STRING)))
    indexes = (
        Index("by_a", ("a",), unique=True),
        Index("by_both", ("a", "b"), unique=True),
    )
    tables = {"t": Table("t", document, indexes), "u": Table("u", Object(()))}
    schema = Schema(tables)
    picture = real_mermaid.draw(dumps(schema))
    assert picture.lines == [("u", ONE, MAYBE, "t")]
    assert picture.boxes["t"].keys == ["PK", "", "FK,UK", ""]
    (fault,) = warnings(schema)
    assert (fault.code, fault.path[-1]) == ("W443", 1)


def test_kinds_of_documents_share_a_box(real_mermaid: RealMermaid) -> None:
    left = Object((Field("kind", Literal.of("l")), Field("of", Id("u"))))
    right = Object((Field("kind", Literal.of("r")), Field("size", NUMBER)))
    both = Table("t", Union((left, right)))
    schema = Schema({"t": both, "u": Table("u", Object(()))})
    picture = real_mermaid.draw(dumps(schema))
    box = picture.boxes["t"]
    assert box.fields[2:] == ["kind", "of", "size"]
    assert box.comments[2:] == ["Literal['l', 'r']", "optional", "optional"]
    assert picture.lines == [("u", MAYBE, MANY, "t")]
    assert [fault.code for fault in warnings(schema)] == ["W444"]


def test_descriptions_of_tables_are_comments(real_mermaid: RealMermaid) -> None:
    about = "%%{init: {}}%% }\n\nMore."
    schema = Schema({"t": Table("t", Object(()), description=about)})
    assert "    %% #37;#37;{init: {}}#37;#37; }\n" in dumps(schema)
    assert [*real_mermaid.draw(dumps(schema)).boxes] == ["t"]


def test_the_text_does_not_depend_on_the_order_of_tables() -> None:
    schema = OURS[1].read()
    tables = {name: schema.tables[name] for name in reversed([*schema.tables])}
    assert dumps(Schema(tables, schema.types)) == dumps(schema)


def test_the_command_prints_it(tmp_path: Path, real_mermaid: RealMermaid) -> None:
    (tmp_path / "schema").mkdir()
    text = "tables:\n  tasks:\n    fields:\n      pk: str\n"
    (tmp_path / "schema/app.yaml").write_text(text)
    code, printed, errors = codegen(["export", "--to", "mermaid"], tmp_path)
    assert code == 0
    assert real_mermaid.draw(printed).boxes["tasks"].fields[2:] == ["pk_"]
    assert errors.startswith("schema/app.yaml:4:7: warning[W442]")
