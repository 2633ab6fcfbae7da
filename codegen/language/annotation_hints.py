"""What people write who know other languages, and what to write here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from keyword import iskeyword
from typing import Final

from codegen.diagnostics import closest

_NUMBER: Final = "`float` for a number, `int` for an exact 64-bit integer"
_TIME: Final = "write `float`: milliseconds since 1970, as Convex does"
FOREIGN_NAMES: Final = {
    **dict.fromkeys(("string", "String", "text", "varchar", "char"), "write `str`"),
    **dict.fromkeys(("uuid", "UUID", "Str", "url", "email"), "write `str`"),
    **dict.fromkeys(("number", "Number", "Decimal", "decimal", "numeric"), _NUMBER),
    **dict.fromkeys(("double", "float64", "float32", "Float", "real"), "write `float`"),
    **dict.fromkeys(("integer", "Integer", "int64", "int32", "long"), "write `int`"),
    **dict.fromkeys(("bigint", "BigInt", "Int", "Int64"), "write `int`"),
    **dict.fromkeys(("boolean", "Boolean", "Bool"), "write `bool`"),
    **dict.fromkeys(("null", "undefined", "void", "NoneType"), "write `None`"),
    **dict.fromkeys(
        ("any", "object", "unknown", "json", "Json", "JSON"), "write `Any`"
    ),
    **dict.fromkeys(
        ("datetime", "date", "time", "timestamp", "Date", "DateTime"), _TIME
    ),
    **dict.fromkeys(("array", "Array", "List", "tuple", "set"), "write `list[T]`"),
    **dict.fromkeys(("record", "Record", "Dict", "map", "Map"), "write `dict[str, T]`"),
    **dict.fromkeys(("blob", "Buffer", "ArrayBuffer", "binary"), "write `bytes`"),
    "id": "write `Id[table]`",
    "never": "write `Never`",
    "true": "write `Literal[True]`",
    "false": "write `Literal[False]`",
    "Optional": "write `name?: T` if it may be absent, `T | None` if it may be null",
    "Union": "write `A | B`",
    "Enum": 'write `Literal["a", "b"]`',
}
FORMS: Final = {
    "Id": "Id[table]",
    "Doc": "Doc[table]",
    "list": "list[T]",
    "dict": "dict[str, T]",
    "Literal": 'Literal["a", "b"]',
    "Annotated": "Annotated[T, Ge(0)]",
}
"""How the types that take parts in brackets are written."""
_ID_OF_KEYWORD: Final = re.compile(r"\bId\[\s*([A-Za-z_]\w*)\s*\]")


def name_hint(name: str, type_words: Iterable[str]) -> str:
    """The way out for an unknown name of a type."""
    return FOREIGN_NAMES.get(name) or closest(name, type_words)


def syntax_hint(text: str) -> str:
    """The way out for a text that Python's grammar refuses."""
    stripped = text.strip()
    if stripped.endswith("?"):
        return f"write the `?` after the name: `name?: {stripped[:-1].rstrip()}`"
    if stripped.endswith("[]"):
        element = stripped[:-2]
        if element in FORMS:
            return f"write {FORMS[element]}"
        hint = FOREIGN_NAMES.get(element, "")
        python = hint.removeprefix("write `").removesuffix("`")
        return f"write `list[{python if python.isidentifier() else element}]`"
    if stripped.startswith("|"):
        return "begin with the first type"
    found = _ID_OF_KEYWORD.search(text)
    if found and iskeyword(found[1]):
        return f'write Id["{found[1]}"]'
    if "<" in text and ">" in text:
        return "write brackets: `list[T]`, `dict[str, T]`"
    return ""


def subscript_hint(head: str, parts: list[ast.expr], type_words: Iterable[str]) -> str:
    """The way out for `head[parts]` where the head takes no parts."""
    inside = [ast.unparse(part) for part in parts]
    if head == "Optional" and len(parts) == 1:
        return (
            f"write `name?: {inside[0]}` if it may be absent, "
            f"`{inside[0]} | None` if it may be null"
        )
    if head == "Union":
        return f"write `{' | '.join(inside)}`"
    if head in ("List", "Array", "array", "Sequence", "tuple", "Tuple", "set", "Set"):
        return f"write `list[{' | '.join(p for p in inside if p != '...')}]`"
    if head in ("Dict", "Record", "Map", "Mapping", "record", "map"):
        return f"write `dict[{', '.join(inside)}]`"
    return closest(head, (word for word in type_words if word != head))


def expression_hint(node: ast.expr) -> str:
    """The way out for an expression that is no type."""
    if isinstance(node, ast.Call):
        return _call_hint(node)
    if isinstance(node, ast.Attribute):
        return FOREIGN_NAMES.get(node.attr, "write a name without a module")
    if isinstance(node, ast.Subscript):
        return "write a name without a module"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "a name is written without quotes, an exact text as " + _literal(node)
    if isinstance(node, (ast.Constant, ast.UnaryOp)):
        return f"an exact value is written {_literal(node)}"
    if isinstance(node, ast.BoolOp):
        return "write `A | B`"
    if isinstance(node, (ast.List, ast.Tuple)):
        return "write `list[T]`"
    if isinstance(node, (ast.Dict, ast.Set)):
        return "write the fields of an object as YAML, without quotes around them"
    return ""


def _call_hint(node: ast.Call) -> str:
    """For Convex's builders: `v.string()`, `v.id("users")`, …"""
    if not isinstance(node.func, ast.Attribute):
        return "constraints are written Annotated[T, Ge(0)]"
    name = node.func.attr
    inside = ", ".join(ast.unparse(argument) for argument in node.args)
    if name == "id":
        return f"write Id[{inside.strip(chr(34) + chr(39))}]"
    if name == "optional":
        return "write a `?` after the name: `name?: T`"
    if name == "union":
        return "write `A | B`"
    if name == "literal":
        return f"write Literal[{inside}]"
    if name == "object":
        return "write the fields as a YAML mapping"
    return FOREIGN_NAMES.get(name, "write the type in Python's syntax")


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f'`Literal["{node.value}"]`'
    return f"`Literal[{ast.unparse(node)}]`"
