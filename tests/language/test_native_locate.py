"""The way back from the IR to the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.diagnostics import Path, Span
from codegen.ir.types import Constrained, Id, Object, Union
from tests.language.native_samples import FIELDS, INDEXES, UNIONS
from tests.language.reading_support import read


def written_at(text: str, span: Span) -> str:
    """The characters that a span covers, over several lines if need be."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def at(text: str, *path: str | int) -> str:
    loaded, faults = read(text)
    assert faults == []
    assert loaded is not None
    span = loaded.locate(path)
    assert span is not None
    return f"{span.line}: {written_at(text, span)}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("types Part", "4: Part"),
        ("types Part type", "4: Part"),
        ("types Part type field size", "7: size"),
        ("types Part type field kind arm 1", '6: "b"'),
        ("types Status type", '3: Literal["new", "done"]'),
        ("types Label type inner", "9: str"),
        ("types Label type constraint 1", "9: MaxLen(9)"),
        ("tables things", "13: things"),
        ("tables things model", "17: Thing"),
        ("tables things renamedFrom", "18: objects"),
        ("tables things document", "19: fields"),
        ("tables things document field status", "21: status"),
        ("tables things document field status default", '21: "new"'),
        ("tables things document field note", "22: note"),
        ("tables things document field note arm 1", "22: None"),
        ("tables things document field owner table", "23: users"),
        ("tables things document field odd table", '24: "class"'),
        ("tables things document field parts element", "25: Part"),
        ("tables things document field weights key", "26: str"),
        ("tables things document field weights value", "26: float"),
        ("tables things document field meta field by field user table", "31: users"),
        ("tables things document field point field y", "32: y"),
        ("tables things document field quoted", '33: "quoted"'),
        ("tables things document field quoted arm 0", '33: "x"'),
        ("tables things document field quoted arm 1", "33: ''y''"),
        ("tables things document field described element", "35: float"),
        ("tables things document field described default", "36: [1, 2.5]"),
        ("tables things document field described renamedFrom", "38: numbers"),
        ("tables things document field nested field a", "41: a"),
        ("tables things document field folded arm 1", '44: "two"'),
        ("tables things document field name no such step", "20: str"),
        ("tables users document", "46: fields"),
    ],
)
def test_places_of_fields(path: str, expected: str) -> None:
    steps = (int(step) if step.isdigit() else step for step in path.split(" "))
    assert at(FIELDS, *steps) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("indexes 0", "10: by_author"),
        ("indexes 0 fields 0", "10: author"),
        ("indexes 1 fields 1", "11: author"),
        ("indexes 2 fields 0", "12: title"),
        ("indexes 3", "13: by_likes"),
        ("indexes 3 fields 0", "15: likes"),
        ("indexes 3 staged", "16: true"),
        ("searchIndexes 0 field", "18: title"),
        ("searchIndexes 0 filters 0", "18: author"),
        ("searchIndexes 1 filters", "19: {field: author, staged: true}"),
        ("vectorIndexes 0", "21: by_embedding"),
        ("vectorIndexes 0 dimensions", "21: 1536"),
        ("description", "2: posts"),
    ],
)
def test_places_of_indexes(path: str, expected: str) -> None:
    steps = (int(step) if step.isdigit() else step for step in path.split(" "))
    assert at(INDEXES, "tables", "posts", *steps) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("events document", "6: union"),
        ("events document arm 0", "7: Created"),
        ("events document arm 0 field at", "9: at"),
        ("events document arm 0 field at default", "9: 0"),
        ("events document arm 1 field kind", "10: kind"),
        ("shapes document arm 1", "12: Square"),
        ("figures document arm 1", "14: Square"),
        ("figures stagedDocument", "16: fields"),
        ("figures stagedDocument field radius", "17: radius"),
    ],
)
def test_places_of_unions(path: str, expected: str) -> None:
    steps = (int(step) if step.isdigit() else step for step in path.split(" "))
    assert at(UNIONS, "tables", *steps) == expected


def test_what_does_not_exist_has_no_place() -> None:
    loaded, _ = read(FIELDS)
    assert loaded is not None
    assert loaded.locate(()) is None
    assert loaded.locate(("tables", "nobody")) is None
    assert loaded.locate(("types", "Nobody", "type")) is None


def test_an_index_keeps_its_place_behind_one_that_is_wrong() -> None:
    text = "tables: {t: {fields: {a: str}, indexes: {x: a, y: [a]}}}\n"
    loaded, faults = read(text)
    assert len(faults) == 1
    assert loaded is not None
    span = loaded.locate(("tables", "t", "indexes", 0))
    assert span is not None
    assert written_at(text, span) == "y"


@dataclass
class Piece:
    """A part of a type as text, and where the parts of it are."""

    text: str
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places[()] = (0, len(self.text))


def joined(*parts: str | tuple[Path, Piece]) -> Piece:
    """Texts and pieces one after another; each piece has a path in the whole."""
    text = ""
    places: dict[Path, tuple[int, int]] = {}
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        path, piece = part
        for inner, (start, end) in piece.places.items():
            places[path + inner] = (len(text) + start, len(text) + end)
        text += piece.text
    return Piece(text, places)


LITERALS = st.sampled_from(['"a"', '"é ü"', "'x'", "'日本'", "1", "-2", "1.5", "True"])
LEAVES = st.sampled_from(["str", "float", "int", "None", "Any", "Named"]).map(Piece)
IDS = st.sampled_from(["users", "t", '"class"']).map(
    lambda table: joined("Id[", (("table",), Piece(table)), "]")
)


@st.composite
def literal_unions(draw: st.DrawFn) -> Piece:
    values = draw(st.lists(LITERALS, min_size=2, max_size=4))
    parts: list[str | tuple[Path, Piece]] = ["Literal["]
    for index, value in enumerate(values):
        parts += [", "] * (index > 0)
        parts.append((("arm", index), Piece(value)))
    return joined(*parts, "]")


@st.composite
def compounds(draw: st.DrawFn, inner: st.SearchStrategy[Piece]) -> Piece:
    kind = draw(st.sampled_from(["list", "dict", "union", "annotated"]))
    if kind == "list":
        return joined("list[", (("element",), draw(inner)), "]")
    if kind == "dict":
        value = draw(inner)
        return joined("dict[", (("key",), Piece("str")), ", ", (("value",), value), "]")
    if kind == "annotated":
        constraint = Piece('Pattern("é ]")')
        base = draw(inner)
        mark = (("constraint", 0), constraint)
        return joined("Annotated[", (("inner",), base), ", ", mark, "]")
    first, second = draw(IDS), joined("list[", (("element",), draw(inner)), "]")
    last = ("arm", 2), Piece("None")
    return joined((("arm", 0), first), " | ", (("arm", 1), second), " | ", last)


TYPES = st.recursive(LEAVES | IDS | literal_unions(), compounds, max_leaves=6)


def plain(text: str) -> str:
    return text


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("é", "\\u00e9")
    return f'"{escaped}"'


def double_over_lines(text: str) -> str:
    return double(text).replace(", ", ",\\\n          \\ ")


def over_lines(text: str) -> str:
    return text.replace(", ", ",\n          ")


def folded(text: str) -> str:
    return ">-  # a comment\n        " + text.replace(", ", ",\n        ")


def block(text: str) -> str:
    return "|\n        " + text.replace("[", "[\n          ")


STYLES = st.sampled_from(
    [plain, single, double, double_over_lines, over_lines, folded, block]
)
HOLDERS = st.sampled_from(
    ["{}", "{{$type: {}}}", "\n        $type: {}", "\n        in?: {}"]
)


def spelt_out(source: str) -> str:
    """What a stretch of source says, without spaces: they are where lines are folded."""
    source = re.sub(r"\\\n\s*\\?", "", source)
    for escape, meaning in {'\\"': '"', "\\u00e9": "é", "''": "'"}.items():
        source = source.replace(escape, meaning)
    return re.sub(r"\s+", "", source)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(TYPES, STYLES, HOLDERS), min_size=1, max_size=4), st.booleans()
)
def test_every_part_of_every_type_is_found(
    drawn: list[tuple[Piece, object, str]], windows: bool
) -> None:
    text = "types: {Named: str}\ntables:\n  t:\n    fields:\n"
    expected: dict[Path, str] = {}
    for number, (piece, style, holder) in enumerate(drawn):
        assert callable(style)
        is_flow = holder.startswith("{{")
        written = (single if is_flow else style)(piece.text)
        nested = "  " * (holder.startswith("\n"))
        written = written.replace("\n        ", "\n        " + nested)
        text += f"      f{number}: {holder.format(written)}\n"
        path: Path = ("tables", "t", "document", "field", f"f{number}")
        expected[path] = f"f{number}"
        if "in?" in holder:
            path = (*path, "field", "in")
            expected[path] = "in"
        for steps, (start, end) in piece.places.items():
            if steps:
                expected[path + steps] = piece.text[start:end]
    source = text.replace("\n", "\r\n") if windows else text
    loaded, faults = read(source)
    assert faults == []
    assert loaded is not None
    for path, meant in expected.items():
        span = loaded.locate(path)
        assert span is not None
        assert spelt_out(written_at(text, span)) == spelt_out(meant), path


def test_ids_in_every_corner_are_found() -> None:
    """The paths of the IR itself, not those that this file makes up."""
    text = "tables: {t: {fields: {a: 'Annotated[Id[x] | None, MinLen(1)] | Id[y]'}}}\n"
    loaded, _ = read(text)
    assert loaded is not None
    document = loaded.schema.tables["t"].document
    assert isinstance(document, Object)
    node = document.fields[0].type
    assert isinstance(node, Union)
    assert isinstance(node.arms[0], Constrained)
    assert isinstance(node.arms[1], Id)
    path = ("tables", "t", "document", "field", "a", "arm")
    inner = loaded.locate((*path, 0, "inner", "arm", 0, "table"))
    outer = loaded.locate((*path, 1, "table"))
    assert inner is not None and outer is not None
    assert written_at(text, inner) == "x"
    assert written_at(text, outer) == "y"
