"""Constraints: the marks inside `Annotated[T, …]`."""

from __future__ import annotations

import ast
import re
from typing import Final

from codegen.diagnostics import closest
from codegen.ir.types import Constraint

from .literals import NotALiteral, scalar_value

_KINDS: Final = {
    "Ge": "ge",
    "Gt": "gt",
    "Le": "le",
    "Lt": "lt",
    "MinLen": "minLength",
    "MaxLen": "maxLength",
    "Pattern": "pattern",
}
_FORMS: Final = 'write Ge(0), Gt(0), Le(9), Lt(9), MinLen(1), MaxLen(9) or Pattern("…")'


class BadConstraint(Exception):
    """Raised for what is no constraint; `hint` says what to write."""

    def __init__(self, message: str, hint: str = _FORMS) -> None:
        super().__init__(message)
        self.hint = hint


def read_constraint(node: ast.expr) -> Constraint:
    """The constraint that a call such as `Ge(0)` writes down. Raises BadConstraint."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        raise BadConstraint("this is not a constraint")
    name = node.func.id
    if name not in _KINDS:
        raise BadConstraint(
            f"unknown constraint `{name}`", closest(name, _KINDS) or _FORMS
        )
    try:
        (argument,) = node.args
        value = scalar_value(argument)
    except (ValueError, NotALiteral):
        value = None
    if value is None or node.keywords:
        raise BadConstraint(f"`{name}` takes one literal value")
    return _checked(name, value)


def _checked(name: str, value: bool | int | float | str | bytes) -> Constraint:
    kind = _KINDS[name]
    if kind == "pattern":
        if not isinstance(value, str):
            raise BadConstraint("`Pattern` takes a regular expression in quotes")
        try:
            re.compile(value)
        except (re.error, OverflowError, RecursionError) as error:
            message = f"this is not a regular expression: {error}"
            raise BadConstraint(message, "") from error
        return Constraint(kind, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadConstraint(f"`{name}` takes a number")
    if kind in ("minLength", "maxLength"):
        if isinstance(value, float) or value < 0:
            raise BadConstraint(f"`{name}` takes a count: 0 or more")
    elif value - value != 0:
        raise BadConstraint(f"`{name}` takes a finite number")
    return Constraint(kind, value)
