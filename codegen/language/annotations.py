"""Types in Python annotation syntax: parsed, never executed.

Everything here is relative to the text of one annotation, so that equal texts are parsed once.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from codegen.diagnostics import Path
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    BYTES,
    COMMIT_TS,
    NEVER,
    NULL,
    NUMBER,
    STRING,
    Array,
    Constrained,
    Constraint,
    Doc,
    Id,
    Literal,
    Named,
    Record,
    Scalar,
    Type,
    Union,
)
from codegen.ir.values import INT64

from .annotation_hints import FORMS, expression_hint, subscript_hint, syntax_hint
from .constraints import BadConstraint, read_constraint
from .literals import NotALiteral, scalar_value
from .text import Place

SCALAR_NAMES: Final[dict[str, Scalar | Union]] = {
    "str": STRING,
    "float": NUMBER,
    "bool": BOOLEAN,
    "bytes": BYTES,
    "int": BIGINT,
    "Any": ANY,
    "CommitTs": COMMIT_TS,
    "Never": NEVER,
}
TYPE_WORDS: Final = (*SCALAR_NAMES, *FORMS, "None")
# A text is parsed as the annotation of a variable, so that it may hold a default.
_PREFIX: Final = "_: "


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of an annotation, at a place in its text."""

    code: str
    place: Place
    message: str
    hint: str = ""


@dataclass(slots=True)
class Annotation:
    """What an annotation says.

    `type` has `Any` in the place of faulty parts. `nodes` leads from the path of a part to its
    syntax. `names` are the uses of named types, which need not exist.
    """

    text: str
    type: Type = ANY
    default: ast.expr | None = None
    nodes: dict[Path, ast.expr] = field(default_factory=dict[Path, ast.expr])
    names: list[ast.Name] = field(default_factory=list[ast.Name])
    problems: list[Problem] = field(default_factory=list[Problem])

    def place(self, node: ast.expr) -> Place:
        """Where in the text a node is written."""
        start = self._index(node.col_offset)
        if node.end_col_offset is None:
            return start, len(self.text)
        return start, self._index(node.end_col_offset)

    def _index(self, column: int) -> int:
        """The index in the text of a place in UTF-8 bytes; the text was parsed as one line."""
        column -= len(_PREFIX)
        if self.text.isascii():
            return column
        return len(self.text.encode()[:column].decode(errors="ignore"))


@lru_cache(maxsize=65536)
def parse_annotation(text: str) -> Annotation:
    """The type, and the default if there is one, that `text` writes down."""
    annotation = Annotation(text)
    statement = _parse(annotation)
    if statement is not None:
        annotation.type = _Reader(annotation).read(statement.annotation, ())
        if statement.value is not None:
            annotation.default = statement.value
            annotation.nodes["default",] = statement.value
    return annotation


def is_type_syntax(text: str) -> bool:
    """Whether `text` is at least the syntax of a type, whatever its names mean."""
    return _parse(Annotation(text)) is not None


def _parse(annotation: Annotation) -> ast.AnnAssign | None:
    """The syntax of the text, or None after noting a problem."""
    text = annotation.text
    whole = len(text) - len(text.lstrip()), len(text.rstrip())
    source = _PREFIX + text.replace("\n", " ").replace("\r", " ")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as "\d" in a pattern
            body = ast.parse(source).body
    except SyntaxError as error:
        start = min(
            max((error.offset or 0) - len(_PREFIX) - 1, 0), max(len(text) - 1, 0)
        )
        hint = syntax_hint(text)
        place = whole if hint else (start, start + 1)
        message = "this is not a type"
        if not hint and not error.msg.startswith("invalid syntax"):
            message += f": {error.msg}"
        annotation.problems.append(Problem("E101", place, message, hint))
        return None
    except (RecursionError, MemoryError):
        message, hint = "this type is nested too deeply", ""
        if text.count("|") > text.count("["):
            message = "this union has too many arms"
            hint = "write texts and numbers as one Literal[…], or divide it into types"
        annotation.problems.append(Problem("E101", whole, message, hint))
        return None
    except ValueError:
        message = "this is not a type: it holds characters that no type has"
        annotation.problems.append(Problem("E101", whole, message))
        return None
    if len(body) == 1 and isinstance(body[0], ast.AnnAssign):
        return body[0]
    annotation.problems.append(Problem("E101", whole, "this is not a type"))
    return None


class _Reader:
    """Reads the types of one annotation; `path` is the address of the part being read."""

    def __init__(self, annotation: Annotation) -> None:
        self._annotation = annotation
        self._nodes = annotation.nodes

    def read(self, node: ast.expr, path: Path) -> Type:
        self._nodes[path] = node
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Constant) and node.value is None:
            return NULL
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node, path)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            return self._subscript(node.value.id, node, path)
        return self._fault("E101", node, "this is not a type", expression_hint(node))

    def _name(self, node: ast.Name) -> Type:
        if node.id in SCALAR_NAMES:
            return SCALAR_NAMES[node.id]
        if node.id in FORMS:
            message = f"`{node.id}` needs its parts in brackets"
            return self._fault("E103", node, message, f"write {FORMS[node.id]}")
        self._annotation.names.append(node)
        return Named(node.id)

    def _subscript(self, head: str, node: ast.Subscript, path: Path) -> Type:
        inside = node.slice
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        if head == "Literal":
            return self._literals(node, parts, path)
        if head == "Annotated":
            return self._annotated(node, parts, path)
        if head in ("Id", "Doc") and len(parts) == 1:
            return self._of_table(head, inside, path)
        if head == "list" and len(parts) == 1:
            return Array(self.read(inside, (*path, "element")))
        if head == "dict" and len(parts) == 2:
            key = self.read(parts[0], (*path, "key"))
            return Record(key, self.read(parts[1], (*path, "value")))
        if head in FORMS:
            message = f"`{head}[…]` does not take {_count(len(parts))}"
            return self._fault("E103", node, message, f"write {FORMS[head]}")
        message = f"`{head}` is not a type that takes brackets"
        return self._fault(
            "E103", node, message, subscript_hint(head, parts, TYPE_WORDS)
        )

    def _of_table(self, head: str, node: ast.expr, path: Path) -> Type:
        self._nodes[(*path, "table")] = node
        kind = Id if head == "Id" else Doc
        if isinstance(node, ast.Name):
            return kind(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return kind(node.value)
        message = f"`{head}[…]` takes the name of a table"
        return self._fault("E103", node, message, f"write {FORMS[head]}")

    def _union(self, node: ast.BinOp, path: Path) -> Type:
        """Arms in order; unions and literals inside are part of the same union."""
        operands: list[ast.expr] = []
        rest: ast.expr = node
        while isinstance(rest, ast.BinOp) and isinstance(rest.op, ast.BitOr):
            operands.append(rest.right)
            rest = rest.left
        operands.append(rest)
        arms: list[Type] = []
        for operand in reversed(operands):
            self._arms(operand, path, arms)
        return Union(tuple(arms))

    def _arms(self, node: ast.expr, path: Path, arms: list[Type]) -> None:
        here = (*path, "arm", len(arms))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            self._arms(node.left, path, arms)
            self._arms(node.right, path, arms)
        elif isinstance(node, ast.Subscript) and _is_name(node.value, "Literal"):
            inside = node.slice
            for value in inside.elts if isinstance(inside, ast.Tuple) else [inside]:
                here = (*path, "arm", len(arms))
                self._nodes[here] = value
                arms.append(self._literal(value))
        elif _is_name(node, "Never"):
            message = "`Never` adds nothing to a union"
            arms.append(self._fault("E103", node, message, "leave it out"))
        else:
            arms.append(self.read(node, here))

    def _literals(self, node: ast.expr, parts: list[ast.expr], path: Path) -> Type:
        if not parts:
            message = "`Literal[…]` needs a value"
            return self._fault("E103", node, message, 'write Literal["a"]')
        if len(parts) == 1:
            return self._literal(parts[0])
        for index, part in enumerate(parts):
            self._nodes[(*path, "arm", index)] = part
        return Union(tuple(self._literal(part) for part in parts))

    def _literal(self, node: ast.expr) -> Type:
        try:
            value = scalar_value(node)
        except NotALiteral:
            message = "`Literal[…]` holds texts, numbers, True, False or None"
            name = node.id if isinstance(node, ast.Name) else ""
            hint = f'a text is written in quotes: "{name}"' if name else ""
            return self._fault("E104", node, message, hint)
        if value is None:
            return NULL
        if isinstance(value, bytes):
            message = "`Literal[…]` holds no bytes"
            return self._fault("E104", node, message)
        if isinstance(value, float) and value - value != 0:
            message = "`Literal[…]` holds no infinite number"
            return self._fault("E104", node, message)
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and value not in INT64
        ):
            message = "this integer does not fit in 64 bits"
            return self._fault(
                "E104", node, message, "a number is written with a point"
            )
        return Literal.of(value)

    def _annotated(self, node: ast.expr, parts: list[ast.expr], path: Path) -> Type:
        if len(parts) < 2:
            message = "`Annotated[…]` needs a type and constraints"
            return self._fault("E103", node, message, "write Annotated[T, Ge(0)]")
        inner = self.read(parts[0], (*path, "inner"))
        constraints: list[Constraint] = []
        for index, part in enumerate(parts[1:]):
            self._nodes[(*path, "constraint", index)] = part
            try:
                constraints.append(read_constraint(part))
            except BadConstraint as error:
                self._fault("E105", part, str(error), error.hint)
        return Constrained(inner, tuple(constraints)) if constraints else inner

    def _fault(self, code: str, node: ast.expr, message: str, hint: str = "") -> Type:
        """Notes a problem; `Any` stands in, so that one fault does not cause others."""
        place = self._annotation.place(node)
        self._annotation.problems.append(Problem(code, place, message, hint))
        return ANY


def _count(parts: int) -> str:
    return "1 part" if parts == 1 else f"{parts} parts"


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
