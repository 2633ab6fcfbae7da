"""Operators of one, two and three operands."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from .members import INHERITED
from .scopes import Scope
from .syntax import Node, text_of
from .values import (
    UNDEFINED,
    HostObject,
    JsObject,
    Origin,
    Unreadable,
    Value,
    size_of,
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
LOGICAL: Final = ("??", "||", "&&")
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
    if sign in LOGICAL:
        return value if decides(sign, value) else evaluator.evaluate(right, scope)
    other = evaluator.evaluate(right, scope)
    return combine(evaluator, sign, value, other, scope.origin(node))


def decides(sign: str, left: Value) -> bool:
    """Whether the left side of a logical operator is what it gives."""
    if sign == "??":
        return left is not None and left is not UNDEFINED
    return truthy(left) is (sign == "||")


def combine(
    evaluator: Evaluator, sign: str, left: Value, right: Value, origin: Origin
) -> Value:
    """What an operator gives for two values."""
    if sign in ("===", "!=="):
        return strictly_equal(left, right) is (sign == "===")
    if sign in ("==", "!="):
        return _loosely_equal(left, right, origin) is (sign == "==")
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        texts = to_text(left, origin), to_text(right, origin)
        evaluator.spend(sum(map(size_of, texts)), origin)
        return "".join(texts)
    if sign == "in" and isinstance(left, str):
        if isinstance(right, JsObject) and left in right.properties:
            return True
        if isinstance(right, JsObject) and not right.made_by and left not in INHERITED:
            return False
        if isinstance(right, HostObject) and left in (right.names() or ()):
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
    if sign == "**":
        return _power(left, right, origin)
    raise Unreadable(f"`{sign}` between these numbers", origin)


def _power(left: float, right: float, origin: Origin) -> float:
    """A power that a number holds exactly: others are not the same everywhere."""
    whole = left.is_integer() and right.is_integer()
    if whole and abs(left) <= 2**53 and 0 <= right <= 1023:
        power = int(left) ** int(right)
        if abs(power) < 2**1023 and float(power) == power:
            return float(power)
    raise Unreadable("`**` between these numbers", origin)


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
