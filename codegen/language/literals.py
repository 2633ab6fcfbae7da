"""Python literals, read from syntax trees and never executed."""

from __future__ import annotations

import ast

from codegen.ir.values import Value


class NotALiteral(Exception):
    """Raised for the node that is no literal; `hint` says what to write."""

    def __init__(self, node: ast.expr, hint: str = "") -> None:
        super().__init__("not a literal")
        self.node = node
        self.hint = hint


def scalar_value(node: ast.expr) -> bool | int | float | str | bytes | None:
    """The value of a constant or of a signed number. Raises NotALiteral."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        number = scalar_value(node.operand)
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            return -number if isinstance(node.op, ast.USub) else number
    elif isinstance(node, ast.Constant):
        value = node.value
        if value is None or isinstance(value, (bool, int, float, str, bytes)):
            return value
    raise NotALiteral(node)


def literal_value(node: ast.expr) -> Value:
    """The value of a literal, with lists and dicts of literals. Raises NotALiteral."""
    if isinstance(node, ast.List):
        return [literal_value(item) for item in node.elts]
    if isinstance(node, ast.Dict):
        found: dict[str, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                raise NotALiteral(key or value, "keys are texts in quotes")
            if key.value in found:
                raise NotALiteral(key, "this key is given twice")
            found[key.value] = literal_value(value)
        return found
    if isinstance(node, ast.Tuple):
        raise NotALiteral(node, "write a list: [...]")
    if isinstance(node, ast.Name):
        raise NotALiteral(node, _name_hint(node.id))
    return scalar_value(node)


def _name_hint(name: str) -> str:
    spelt = {"true": "True", "false": "False", "null": "None", "undefined": "None"}
    if name in spelt:
        return f"write `{spelt[name]}`"
    return f'a text is written in quotes: "{name}"'
