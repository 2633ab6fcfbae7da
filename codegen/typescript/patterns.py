"""Destructuring: names that take parts of a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .iteration import iterate
from .literals import property_name, spread
from .members import get_member
from .scopes import Binding, Scope
from .syntax import Node, children, text_of
from .values import (
    UNDEFINED,
    JsArray,
    JsObject,
    Unknown,
    Unreadable,
    Value,
    known,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def bind_parameters(
    evaluator: Evaluator, parameters: Node | None, arguments: list[Value], scope: Scope
) -> None:
    """Gives the parameters of a function their arguments."""
    if parameters is None:
        return
    if parameters.type == "identifier":
        value = arguments[0] if arguments else UNDEFINED
        bind(evaluator, parameters, value, scope, constant=False)
        return
    position = 0
    for parameter in children(parameters):
        pattern = parameter.child_by_field_name("pattern")
        if pattern is None:
            raise Unreadable("a parameter of this form", scope.origin(parameter))
        if pattern.type == "this":
            continue
        if pattern.type == "rest_pattern":
            rest = JsArray(arguments[position:])
            bind(evaluator, children(pattern)[0], rest, scope, constant=False)
            return
        value = arguments[position] if position < len(arguments) else UNDEFINED
        default = parameter.child_by_field_name("value")
        if value is UNDEFINED and default is not None:
            value = evaluator.attempt(default, scope)
        bind(evaluator, pattern, value, scope, constant=False)
        position += 1


def parameter_properties(parameters: Node | None) -> Iterator[str]:
    """The parameters of a constructor that are properties, too: `private name: string`."""
    for parameter in children(parameters) if parameters is not None else []:
        kinds = {child.type for child in parameter.children}
        pattern = parameter.child_by_field_name("pattern")
        if kinds & {"accessibility_modifier", "readonly"} and pattern is not None:
            yield text_of(pattern)


def bind(
    evaluator: Evaluator, pattern: Node, value: Value, scope: Scope, *, constant: bool
) -> None:
    """Gives the names of a pattern their parts of a value, which may be `Unknown`."""
    evaluator.enter(scope.origin(pattern))
    try:
        _bind(evaluator, pattern, value, scope, constant)
    finally:
        evaluator.leave()


def _bind(
    evaluator: Evaluator, pattern: Node, value: Value, scope: Scope, constant: bool
) -> None:
    if pattern.type in ("identifier", "shorthand_property_identifier_pattern"):
        binding = Binding(value, origin=scope.origin(pattern), constant=constant)
        scope.names[text_of(pattern)] = binding
    elif pattern.type == "object_pattern":
        _bind_object(evaluator, pattern, value, scope, constant)
    elif pattern.type == "array_pattern":
        _bind_array(evaluator, pattern, value, scope, constant)
    elif pattern.type in ("assignment_pattern", "object_assignment_pattern"):
        left = pattern.child_by_field_name("left")
        right = pattern.child_by_field_name("right")
        assert left is not None and right is not None
        if value is UNDEFINED:
            value = evaluator.attempt(right, scope)
        bind(evaluator, left, value, scope, constant=constant)
    else:
        raise Unreadable("a pattern of this form", scope.origin(pattern))


def _bind_object(
    evaluator: Evaluator, pattern: Node, value: Value, scope: Scope, constant: bool
) -> None:
    taken: set[str] = set()
    for child in children(pattern):
        if child.type == "rest_pattern":
            bind(
                evaluator,
                children(child)[0],
                _rest(value, taken, child, scope),
                scope,
                constant=constant,
            )
            continue
        inner = child
        if child.type == "pair_pattern":
            key, right = child.child_by_field_name("key"), child.child_by_field_name(
                "value"
            )
            assert key is not None and right is not None
            name = property_name(evaluator, key, scope)
            inner = right
        elif child.type == "object_assignment_pattern":
            left = child.child_by_field_name("left")
            assert left is not None
            name = text_of(left)
        else:
            name = text_of(child)
        taken.add(name)
        part: Value
        try:
            part = get_member(known(value), name, scope.origin(child))
        except Unreadable as error:
            part = Unknown(error)
        bind(evaluator, inner, part, scope, constant=constant)


def _rest(value: Value, taken: set[str], node: Node, scope: Scope) -> Value:
    rest = JsObject()
    try:
        spread(value, rest, scope.origin(node))
    except Unreadable as error:
        return Unknown(error)
    for name in taken:
        rest.properties.pop(name, None)
    return rest


def _bind_array(
    evaluator: Evaluator, pattern: Node, value: Value, scope: Scope, constant: bool
) -> None:
    items: list[Value] | None = None
    failed: Value = UNDEFINED
    try:
        items = iterate(value, scope.origin(pattern))
    except Unreadable as error:
        failed = Unknown(error)
    position = 0
    for child in pattern.children:
        if child.type == ",":
            position += 1
        if not child.is_named or child.type == "comment":
            continue
        part = failed
        if child.type == "rest_pattern":
            if items is not None:
                part = JsArray(items[position:])
            child = children(child)[0]
        elif items is not None:
            part = items[position] if position < len(items) else UNDEFINED
        bind(evaluator, child, part, scope, constant=constant)


def declared_in(pattern: Node) -> Iterator[str]:
    """The names that a pattern gives."""
    todo = [pattern]
    while todo:
        node = todo.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield text_of(node)
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            todo += [left] if (left := node.child_by_field_name("left")) else []
        elif node.type == "pair_pattern":
            todo += [value] if (value := node.child_by_field_name("value")) else []
        else:
            todo += reversed(children(node))


def variables_in(body: Node) -> Iterator[str]:
    """The names that `var` declares in a function, which belong to the function as a whole."""
    todo = [body]
    while todo:
        node = todo.pop()
        if node.type == "variable_declaration":
            for declarator in children(node):
                name = declarator.child_by_field_name("name")
                if name is not None:
                    yield from declared_in(name)
        elif node.type == "for_in_statement":
            kind, left = node.child_by_field_name("kind"), node.child_by_field_name(
                "left"
            )
            if left is not None and kind is not None and text_of(kind) == "var":
                yield from declared_in(left)
        if node is body or node.type not in _FUNCTIONS:
            todo.extend(node.named_children)


_FUNCTIONS: Final = (
    "arrow_function",
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
    "class_body",
)


def assign_variables(
    evaluator: Evaluator, pattern: Node, value: Value, scope: Scope
) -> None:
    """Gives the names of a pattern, which `var` declared, their parts of a value."""
    inner = scope.inner()
    bind(evaluator, pattern, value, inner, constant=False)
    for name, binding in inner.names.items():
        variable = scope.find(name)
        if variable is None:
            raise Unreadable("a `var` of this form", scope.origin(pattern))
        variable.set(binding.peek())
