"""Every kind of expression that is read, and what evaluates it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.diagnostics import closest

from .classes import class_of, construct
from .literals import array, number, object_, string, template
from .members import assign_member, delete_member, get_member
from .names import undeclared
from .operators import LOGICAL, binary, combine, decides, ternary, typeof, unary
from .scopes import Binding, Scope
from .syntax import Node, children, text_of
from .values import (
    UNDEFINED,
    Closure,
    JsArray,
    JsClass,
    JsObject,
    Native,
    Origin,
    Refused,
    Unreadable,
    Value,
    known,
    to_text,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

Evaluate: TypeAlias = "Callable[[Evaluator, Node, Scope], Value]"


def _identifier(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    name = text_of(node)
    binding = scope.find(name)
    if binding is None:
        raise undeclared(name, scope, node)
    return binding.get()


def _constant(value: Value) -> Evaluate:
    def evaluate(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
        return value

    return evaluate


def _inner(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """Parentheses, and what only TypeScript's types are concerned with."""
    return evaluator.evaluate(children(node)[0], scope)


def _type_assertion(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return evaluator.evaluate(children(node)[-1], scope)


def _member(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    target, name = _target(evaluator, node, scope)
    if name is None:
        return UNDEFINED
    return get_member(target, name, scope.origin(node))


def _target(evaluator: Evaluator, node: Node, scope: Scope) -> tuple[Value, str | None]:
    """The object and the name of `a.b` and `a[b]`; no name where `a?.` ends the chain."""
    inner = node.child_by_field_name("object")
    assert inner is not None
    target = evaluator.evaluate(inner, scope)
    if node.child_by_field_name("optional_chain") and target in (UNDEFINED, None):
        return UNDEFINED, None
    property = node.child_by_field_name("property")
    if property is not None:
        if property.type == "private_property_identifier":
            raise Unreadable("a private member", scope.origin(node))
        return target, text_of(property)
    index = node.child_by_field_name("index")
    assert index is not None
    key = evaluator.evaluate(index, scope)
    return target, to_text(key, scope.origin(index))


def _call(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    callee = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    assert callee is not None and arguments is not None
    if arguments.type != "arguments":
        raise Unreadable("a tagged template", scope.origin(node))
    function = evaluator.evaluate(callee, scope)
    if function is UNDEFINED and _is_skipped(evaluator, node, callee, scope):
        return UNDEFINED
    if function is UNDEFINED:
        raise _no_function(evaluator, callee, scope)
    values = items(evaluator, arguments, scope)
    return evaluator.call(function, values, scope.origin(node))


def _no_function(evaluator: Evaluator, callee: Node, scope: Scope) -> Refused:
    """Says that what is called is undefined, and what may be meant."""
    hint = ""
    inner = callee.child_by_field_name("object")
    property = callee.child_by_field_name("property")
    if inner is not None and property is not None:
        target = evaluator.evaluate(inner, scope)
        if isinstance(target, JsObject):
            hint = closest(text_of(property), target.names())
    message = f"`{text_of(callee)}` is not a function"
    return Refused(message, scope.origin(callee), hint)


def _is_skipped(evaluator: Evaluator, node: Node, callee: Node, scope: Scope) -> bool:
    """Whether `?.` ends the chain of a call before it, where its function is undefined."""
    if any(child.type in ("optional_chain", "?.") for child in node.children):
        return True
    inner = callee.child_by_field_name("object")
    if inner is None:
        return False
    if callee.child_by_field_name("optional_chain"):
        return evaluator.evaluate(inner, scope) in (UNDEFINED, None)
    return _is_skipped(evaluator, callee, inner, scope)


def _new(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    constructor = node.child_by_field_name("constructor")
    arguments = node.child_by_field_name("arguments")
    assert constructor is not None
    function = evaluator.evaluate(constructor, scope)
    if isinstance(function, JsClass):
        values = items(evaluator, arguments, scope) if arguments else []
        return construct(evaluator, function, values, scope.origin(node))
    if not isinstance(function, Native) or "new" not in function.properties:
        raise Unreadable("an object made with `new`", scope.origin(node))
    values = items(evaluator, arguments, scope) if arguments else []
    made = function.properties["new"]
    return evaluator.call(made, values, scope.origin(node))


def items(evaluator: Evaluator, node: Node, scope: Scope) -> list[Value]:
    """The elements of an array or the arguments of a call; `Unknown` where one can't be told."""
    if not node.named_child_count:
        return []
    return array(evaluator, node, scope).items


def _array(evaluator: Evaluator, node: Node, scope: Scope) -> JsArray:
    return array(evaluator, node, scope)


def _function(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return closure(node, scope)


def closure(node: Node, scope: Scope) -> Closure:
    """The value of a function expression or declaration."""
    body = node.child_by_field_name("body")
    assert body is not None
    parameters = node.child_by_field_name("parameters") or node.child_by_field_name(
        "parameter"
    )
    plain = not any(child.type in ("async", "*") for child in node.children)
    return Closure(parameters, body, scope, plain, node.type == "arrow_function")


def _class(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    return class_of(evaluator, node, scope)


def _assignment(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    left = node.child_by_field_name("left")
    right = node.child_by_field_name("right")
    assert left is not None and right is not None
    place = _place(evaluator, left, scope)
    if node.type == "assignment_expression":
        value = evaluator.attempt(right, scope)
    else:
        operator = node.child_by_field_name("operator")
        assert operator is not None
        sign = text_of(operator)[:-1]
        before = place.get()
        if sign in LOGICAL:
            if decides(sign, before):
                return before
            value = evaluator.evaluate(right, scope)
        else:
            after = evaluator.evaluate(right, scope)
            value = combine(evaluator, sign, before, after, scope.origin(node))
    place.set(value)
    return known(value)


def _update(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    argument = node.child_by_field_name("argument")
    operator = node.child_by_field_name("operator")
    assert argument is not None and operator is not None
    place = _place(evaluator, argument, scope)
    before = place.get()
    if not isinstance(before, float):
        raise Unreadable("`++` or `--` of what is no number", scope.origin(node))
    after = before + 1 if text_of(operator) == "++" else before - 1
    place.set(after)
    return after if node.children[0] == operator else before


_TYPED: Final = (
    "as_expression",
    "non_null_expression",
    "parenthesized_expression",
    "satisfies_expression",
)


@dataclass(frozen=True)
class _Member:
    """What is on the left of an assignment: the member of an object."""

    target: Value
    name: str
    origin: Origin

    def get(self) -> Value:
        return get_member(self.target, self.name, self.origin)

    def set(self, value: Value) -> None:
        assign_member(self.target, self.name, value, self.origin)


def _place(evaluator: Evaluator, left: Node, scope: Scope) -> _Member | Binding:
    """What an assignment changes; it is found out before the value."""
    origin = scope.origin(left)
    if left.type == "identifier":
        binding = scope.find(text_of(left))
        if binding is None or binding.constant:
            raise Refused("an assignment to what is constant", origin)
        return binding
    if left.type in _TYPED:
        return _place(evaluator, children(left)[0], scope)
    if left.type not in ("member_expression", "subscript_expression"):
        raise Unreadable("an assignment with a pattern", origin)
    target, name = _target(evaluator, left, scope)
    if name is None:
        raise Unreadable("an assignment to an optional member", origin)
    return _Member(target, name, origin)


def _unary(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    operator = node.child_by_field_name("operator")
    argument = node.child_by_field_name("argument")
    assert operator is not None and argument is not None
    sign = text_of(operator)
    if sign == "delete" and argument.type.endswith(
        ("member_expression", "subscript_expression")
    ):
        target, name = _target(evaluator, argument, scope)
        if name is not None:
            delete_member(target, name, scope.origin(node))
        return True
    if sign == "typeof":
        return typeof(evaluator, argument, scope)
    return unary(sign, evaluator.evaluate(argument, scope), scope.origin(node))


def _sequence(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    value: Value = UNDEFINED
    for child in children(node):
        value = evaluator.evaluate(child, scope)
    return value


EXPRESSIONS: Final[dict[str, Evaluate]] = {
    "identifier": _identifier,
    "this": _identifier,
    "super": _identifier,
    "class": _class,
    "undefined": _constant(UNDEFINED),
    "null": _constant(None),
    "true": _constant(True),
    "false": _constant(False),
    "number": number,
    "string": string,
    "template_string": template,
    "array": _array,
    "object": object_,
    "arrow_function": _function,
    "function_expression": _function,
    "generator_function": _function,
    "member_expression": _member,
    "subscript_expression": _member,
    "call_expression": _call,
    "new_expression": _new,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "update_expression": _update,
    "unary_expression": _unary,
    "binary_expression": binary,
    "ternary_expression": ternary,
    "sequence_expression": _sequence,
    "parenthesized_expression": _inner,
    "as_expression": _inner,
    "satisfies_expression": _inner,
    "non_null_expression": _inner,
    "instantiation_expression": _inner,
    "type_assertion": _type_assertion,
}
