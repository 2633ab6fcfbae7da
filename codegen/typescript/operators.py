"""Operators of one, two and three operands."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from .scopes import Scope
from .syntax import Node, text_of
from .values import (
    UNDEFINED,
    HostObject,
    JsObject,
    Origin,
    Unreadable,
    Value,
    strictly_equal,
    to_text,
    truthy,
    type_of,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

_NUMBERS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def binary(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """`left sign right`; what need not be evaluated isn't."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign_node = node.child_by_field_name("operator")
    assert left is not None and right is not None and sign_node is not None
    sign = text_of(sign_node)
    value = evaluator.evaluate(left, scope)
    if sign == "??":
        decided = value is not None and value is not UNDEFINED
    elif sign == "||":
        decided = truthy(value)
    elif sign == "&&":
        decided = not truthy(value)
    else:
        other = evaluator.evaluate(right, scope)
        return combine(sign, value, other, scope, node)
    return value if decided else evaluator.evaluate(right, scope)


def combine(sign: str, left: Value, right: Value, scope: Scope, node: Node) -> Value:
    """What an operator gives for two values."""
    origin = scope.origin(node)
    if sign in ("===", "!=="):
        return strictly_equal(left, right) is (sign == "===")
    if sign in ("==", "!="):
        return _loosely_equal(left, right, origin) is (sign == "==")
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        return to_text(left, origin) + to_text(right, origin)
    if sign == "in" and isinstance(left, str):
        if isinstance(right, JsObject):
            return left in right.properties
        if isinstance(right, HostObject) and left in right.names():
            return True
    if isinstance(left, str) and isinstance(right, str) and sign in _COMPARISONS:
        return _COMPARISONS[sign](_units(left), _units(right))
    if isinstance(left, float) and isinstance(right, float):
        return _arithmetic(sign, left, right, origin)
    raise Unreadable(f"`{sign}` between these values", origin)


def _units(text: str) -> bytes:
    """What JavaScript compares strings by."""
    return text.encode("utf-16-be", "surrogatepass")


def _loosely_equal(left: Value, right: Value, origin: Origin) -> bool:
    empty = (None, UNDEFINED)
    if left in empty or right in empty:
        return left in empty and right in empty
    if type_of(left) == type_of(right):
        return strictly_equal(left, right)
    raise Unreadable("`==` between values of two kinds", origin)


def _arithmetic(sign: str, left: float, right: float, origin: Origin) -> Value:
    if sign in _NUMBERS:
        return _NUMBERS[sign](left, right)
    if sign in _COMPARISONS:
        return _COMPARISONS[sign](left, right)
    if sign == "/" and right != 0:
        return left / right
    if sign == "%" and right != 0 and math.isfinite(left):
        return math.fmod(left, right)
    if sign == "**" and abs(left) < 1e6 and abs(right) < 50 and left != 0:
        result = left**right
        if isinstance(result, float):
            return result
    raise Unreadable(f"`{sign}` between these numbers", origin)


def unary(sign: str, value: Value, origin: Origin) -> Value:
    """What an operator gives for one value."""
    if sign == "!":
        return not truthy(value)
    if sign == "void":
        return UNDEFINED
    if sign == "-" and isinstance(value, (float, int)) and not isinstance(value, bool):
        return -value
    if sign == "+" and isinstance(value, float):
        return value
    raise Unreadable(f"`{sign}` of this value", origin)


def typeof(evaluator: Evaluator, argument: Node, scope: Scope) -> Value:
    """`typeof argument`."""
    return type_of(evaluator.evaluate(argument, scope))


def ternary(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """`condition ? consequence : alternative`."""
    condition = node.child_by_field_name("condition")
    assert condition is not None
    chosen = (
        "consequence" if truthy(evaluator.evaluate(condition, scope)) else "alternative"
    )
    branch = node.child_by_field_name(chosen)
    assert branch is not None
    return evaluator.evaluate(branch, scope)
