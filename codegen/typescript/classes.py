"""Classes, and the objects that `new` makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .literals import method, property_name
from .scopes import Scope
from .syntax import Node, children, text_of
from .values import (
    UNDEFINED,
    Closure,
    JsClass,
    JsObject,
    Native,
    Origin,
    Unreadable,
    Value,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

_WITHOUT_CODE: Final = (
    "abstract_method_signature",
    "method_signature",
    "index_signature",
)


def class_of(evaluator: Evaluator, node: Node, scope: Scope) -> JsClass:
    """The class of a declaration or an expression."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    assert body is not None
    made = JsClass(
        text_of(name) if name is not None else "", scope, _parent(node, scope)
    )
    for member in children(body):
        if member.type in _WITHOUT_CODE:
            continue
        key = member.child_by_field_name("name")
        if key is None or key.type == "private_property_identifier":
            raise Unreadable("a class with such a member", scope.origin(member))
        called = property_name(evaluator, key, scope)
        is_static = any(child.type == "static" for child in member.children)
        if member.type == "method_definition":
            function = method(member, scope)
            if called == "constructor" and isinstance(function, Closure):
                made.constructor = function
            elif is_static:
                made.statics[called] = function
            else:
                made.methods[called] = function
        elif is_static:
            value = member.child_by_field_name("value")
            found = evaluator.attempt(value, scope) if value is not None else UNDEFINED
            made.statics[called] = found
        else:
            made.fields.append((called, member.child_by_field_name("value")))
    return made


def _parent(node: Node, scope: Scope) -> Node | None:
    """The name after `extends`."""
    for heritage in children(node):
        if heritage.type != "class_heritage":
            continue
        for clause in children(heritage):
            if clause.type == "extends_clause":
                value = clause.child_by_field_name("value")
                assert value is not None
                return value
            if clause.type != "implements_clause":
                return clause
    return None


def construct(
    evaluator: Evaluator, made_by: JsClass, arguments: list[Value], origin: Origin
) -> JsObject:
    """The object that `new` gives."""
    made = JsObject(made_by=made_by)
    try:
        _initialise(evaluator, made_by, made, arguments, origin)
    except Unreadable as error:
        error.callers.append(origin)
        raise
    return made


def _initialise(
    evaluator: Evaluator,
    made_by: JsClass,
    made: JsObject,
    arguments: list[Value],
    origin: Origin,
) -> None:
    parent = _above(evaluator, made_by)
    function = made_by.constructor
    if function is None:
        if parent is not None:
            _initialise(evaluator, parent, made, arguments, origin)
        _set_fields(evaluator, made_by, made)
        return

    def call_parent(e: Evaluator, args: list[Value], at: Origin) -> Value:
        if parent is None:
            raise Unreadable("`super` of a class that extends none", at)
        _initialise(e, parent, made, args, at)
        _set_fields(e, made_by, made)
        return UNDEFINED

    if parent is None:
        _set_fields(evaluator, made_by, made)
    evaluator.run_constructor(function, made, Native("super", call_parent), arguments)


def _above(evaluator: Evaluator, made_by: JsClass) -> JsClass | None:
    if made_by.parent is None:
        return None
    parent = evaluator.evaluate(made_by.parent, made_by.scope)
    if not isinstance(parent, JsClass):
        origin = made_by.scope.origin(made_by.parent)
        raise Unreadable("an object of a class that extends this", origin)
    return parent


def _set_fields(evaluator: Evaluator, made_by: JsClass, made: JsObject) -> None:
    scope = made_by.scope.inner()
    scope.define("this", made)
    for name, value in made_by.fields:
        made.properties[name] = (
            evaluator.attempt(value, scope) if value is not None else UNDEFINED
        )
