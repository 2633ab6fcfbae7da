"""Python classes: what Pydantic says of them, and what their modules do."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.cli.main import run
from codegen.diagnostics import Diagnostics
from codegen.importers.options import Options
from codegen.project.importing import foreign_text

from .importing import told

SHOP = '''\
from __future__ import annotations
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal
from typing_extensions import TypedDict
from pydantic import BaseModel, ConfigDict, Field

class Color(Enum):
    RED = "red"
    BLUE = "blue"

class Part(BaseModel):
    """One of several."""
    model_config = ConfigDict(extra="forbid")
    name: str = Field(alias="partName", pattern="^[a-z]")

class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    parts: list[Part]
    color: Color | None = None
    sizes: list[float] = []

@dataclass
class Point:
    x: float
    y: float = 0
    tags: list[str] = field(default_factory=list)

class Kind(TypedDict):
    kind: Literal["a", "b"]

class Outer:
    class Inner(BaseModel):
        a: int
'''


def _classes(name: str) -> tuple[str, list[str]]:
    """The text without its head, and what is said."""
    found = Diagnostics()
    text = foreign_text("python", name, Options(), found, [])
    text = text or ""
    return text.split("\n\n", 1)[1] if text.startswith("#") else text, told([*found])


def _of(folder: Path, source: str, name: str) -> tuple[str, list[str]]:
    """The same of a class in a module with the usual imports at its head."""
    head = "from dataclasses import *; from typing import *; from pydantic import *\n"
    (folder / "a_shop.py").write_text(head + source, "utf-8")
    return _classes(f"a_shop:{name}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_classes(folder: Path) -> None:
    (folder / "the_shop.py").write_text(SHOP, "utf-8")
    assert _classes("the_shop:Thing") == (
        """\
types:
  Part:  # One of several.
    partName: Annotated[str, Pattern("^[a-z]")]

  Color: Literal["red", "blue"]

tables:
  things:
    fields:
      parts: list[Part]
      color?: Color | None = None
      sizes?: list[float] = []
""",
        [],
    )
    text, found = _classes("the_shop:Point")
    assert "      x: float\n      y?: float = 0\n      tags?: list[str] = []\n" in text
    assert [line[:9] for line in found] == ["24:7 W802"]
    assert '      kind: Literal["a", "b"]\n' in _classes("the_shop:Kind")[0]
    assert "      a: int\n" in _classes("the_shop:Outer.Inner")[0]


METHODS = """\
class Base(BaseModel):
    @field_validator("a", check_fields=False)
    @classmethod
    def positive(cls, value: int) -> int: return value

class Thing(Base, extra="forbid"):
    a: int
    @model_validator(mode="after")
    def consistent(self) -> Self: return self
    @computed_field
    @property
    def total(self) -> int: return 1
    @field_serializer("a")
    def shown(self, value: int) -> str: return ""
    def model_post_init(self, context: Any) -> None: ...
"""


def test_what_methods_do_is_said(folder: Path) -> None:
    text, found = _of(folder, METHODS, "Thing")
    assert text == "tables:\n  things:\n    fields:\n      a: int\n"
    assert found == [
        "5:9 W801 2 validators are not carried over: positive, consistent",
        "13:9 W801 1 computed field is not carried over: total",
        "15:9 W801 1 serializer is not carried over: shown",
        "16:9 W801 `model_post_init` is not carried over",
    ]


def test_what_a_dataclass_does_after_its_init_is_said(folder: Path) -> None:
    source = """\
@dataclass
class Point:
    __pydantic_config__ = {"extra": "forbid"}
    tags: dict[str, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    def __post_init__(self) -> None: ...
"""
    text, found = _of(folder, source, "Point")
    assert "      tags?: dict[str, int] = {}\n      seen?: list[int]\n" in text
    assert [line for line in found if "W813" not in line] == [
        "6:5 W801 `uniqueItems` is not checked",
        "6:5 W809 the default is left out: `set` makes it",
        "7:9 W801 `__post_init__` is not carried over",
    ]


@pytest.mark.parametrize(
    ("field", "written", "lost"),
    [
        ("bytes", "bytes", []),
        ("Annotated[bytes, Field(min_length=2)] | None", "Annotated[bytes, MinLen(2)] | None", []),
        ("Decimal", "float", ["W801 `Decimal` is written as `float`, which keeps about 15 digits"]),
        ("Annotated[Decimal, Field(ge=0)]", "Annotated[float, Ge(0)]",
            ["W801 `Decimal` is written as `float`, which keeps about 15 digits"]),
        ("Callable[[int], int]", "Any", ["W801 `Callable` has no type here: any value is taken"]),
        ("Odd | None", "Any", ["W801 `Odd` has no type here: any value is taken"]),
        ("list[Odd]", "list[Any]", ["W801 `Odd` has no type here: any value is taken"]),
        ("Annotated[int, AfterValidator(even)]", "int", ["W801 1 validator is not carried over: even"]),
        ("list[Annotated[int, BeforeValidator(even)]]", "list[int]",
            ["W801 1 validator is not carried over: even"]),
        ("Annotated[int, PlainValidator(even)]", "Any", ["W801 1 validator is not carried over: even"]),
        ("Annotated[str, StringConstraints(to_lower=True)]", "str",
            ["W801 texts stay as they are: no `to_lower`"]),
        ("Dict[int, str]", "dict[str, str]", ["W801 keys that are `integer` are texts here, of any form"]),
        ("Annotated[float, Field(multiple_of=0.5)]", "float", ["W801 `multipleOf: 0.5` is not checked"]),
    ],
)  # fmt: skip
def test_types_that_json_schema_has_no_words_for(
    folder: Path, field: str, written: str, lost: list[str]
) -> None:
    source = f"""\
from decimal import Decimal
class Odd: ...
def even(value): return value
class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    a: {field}
"""
    text, found = _of(folder, source, "Thing")
    assert text == f"tables:\n  things:\n    fields:\n      a: {written}\n"
    assert [one for one in found if "W813" not in one] == [f"7:5 {one}" for one in lost]


@pytest.mark.parametrize(
    ("field", "written", "lost"),
    [
        ("list[int] = Field(default_factory=list)", "list[int] = []", []),
        ("dict = Field(default_factory=dict)", "dict[str, Any] = {}", []),
        ("str = Field(default_factory=made)", "str", ["the default is left out: `made` makes it"]),
        ("Decimal = Decimal('1.5')", "float = 1.5", []),
        ("Any = object()", "Any", ["the default is left out: JSON can't say it"]),
        ("SecretStr = SecretStr('x')", "str  # format: password",
            ["the default is left out: JSON can't say it"]),
    ],
)  # fmt: skip
def test_defaults(folder: Path, field: str, written: str, lost: list[str]) -> None:
    source = f"""\
from decimal import Decimal
def made(): return "x"
class Thing(BaseModel, extra="forbid"):
    a: {field}
"""
    text, found = _of(folder, source, "Thing")
    assert text == f"tables:\n  things:\n    fields:\n      a?: {written}\n"
    assert [one for one in found if "W809" in one] == [
        f"5:5 W809 {one}" for one in lost
    ]


def test_places_are_those_of_the_fields_lines(folder: Path) -> None:
    source = """\
if True:
    class Base(BaseModel):
        quantity: float = Field(alias="q", multiple_of=0.5)
class Inner(Base, extra="forbid"):
    pass
class Thing(BaseModel, extra="forbid"):
    inner: Inner
    made: create_model("Made", x=(float, Field(multiple_of=0.1)), __config__={"extra": "forbid"})
"""
    _, found = _of(folder, source, "Thing")
    assert found == [
        "W801 a_shop:Made.x: `multipleOf: 0.1` is not checked",
        "4:9 W801 `multipleOf: 0.5` is not checked",
    ]


NOT_IMPORTED = "E807 `a_shop:A` can't be imported"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1 / 0\n", f"2:5 {NOT_IMPORTED}: ZeroDivisionError: division by zero"),
        ("def f(:\n", f"2:7 {NOT_IMPORTED}: SyntaxError: invalid syntax (a_shop.py, line 2)"),
        ("import not_there\n", f"2:1 {NOT_IMPORTED}: ModuleNotFoundError: No module named 'not_there'"),
        ("import sys; sys.exit(3)\n", f"2:13 {NOT_IMPORTED}: its module ends the program"),
        ("class A(BaseModel):\n    x: 'Money'\n", f"2:7 {NOT_IMPORTED}: NameError: name 'Money' is not defined"),
        ("def A(): ...\n", "E807 `a_shop:A` is of type function, and not a Pydantic (2) model, a dataclass or a TypedDict"),
        ("class A: ...\n", "E807 `a_shop:A` is a class, and not a Pydantic (2) model, a dataclass or a TypedDict"),
        ("", "E807 module `a_shop` has no `A`"),
    ],
)  # fmt: skip
def test_classes_that_are_none(folder: Path, source: str, message: str) -> None:
    assert _of(folder, source, "A") == ("", [message])


def _hint(name: str) -> str:
    found = Diagnostics()
    assert foreign_text("python", name, Options(), found, []) is None
    return next(iter(found)).hint


def test_help_where_it_helps(folder: Path) -> None:
    (folder / "a_shop.py").write_text("class Order: ...\nx = 1\n", "utf-8")
    assert "looked for in the working directory first" in _hint("no_shop.models:A")
    assert _hint("a_shop:order") == "did you mean `Order`?"
    assert _hint("a_shop:Order") == ""


def test_a_module_does_not_leak(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "loud.py").write_text(
        "import os, sys\nfrom pydantic import BaseModel\n"
        "print('to out')\nprint('to err', file=sys.stderr)\nos.chdir('/')\n"
        "class Order(BaseModel, extra='forbid'):\n    n: int\n",
        "utf-8",
    )
    assert run(["import", "loud:Order"]) == 0
    told_there = capsys.readouterr()
    assert told_there.out == "tables:\n  orders:\n    fields:\n      n: int\n"
    assert told_there.err == "to out\nto err\n"
    assert run(["import", "loud:Order", "-o", "order.yaml"]) == 0
    assert (folder / "order.yaml").exists()


def test_a_module_that_ends_the_program_ends_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ending.py").write_text("import sys\nsys.exit(3)\n", "utf-8")
    assert run(["import", "ending:Order"]) == 2
    assert "ending.py:2:1: error[E807]" in capsys.readouterr().err
