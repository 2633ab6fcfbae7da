"""TypeScript's enums: objects, in which numbers lead back to their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .literals import property_name
from .scopes import Binding, Scope
from .syntax import Node, children, text_of
from .values import JsObject, Unknown, Unreadable, Value, number_text

if TYPE_CHECKING:
    from .evaluate import Evaluator


def enum(evaluator: Evaluator, node: Node, scope: Scope) -> tuple[str, Binding]:
    """The name of an enum, and what it stands for."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    assert name is not None and body is not None
    origin = scope.origin(node)

    def members() -> Value:
        return _members(evaluator, body, scope)

    return text_of(name), Binding(compute=members, origin=origin)


def _members(evaluator: Evaluator, body: Node, scope: Scope) -> Value:
    made = JsObject()
    # A member may use those before it by their bare names.
    inner = scope.inner()
    following: float | None = 0.0
    for member in children(body):
        origin = scope.origin(member)
        key, value = member, None
        if member.type == "enum_assignment":
            name_node = member.child_by_field_name("name")
            value = member.child_by_field_name("value")
            assert name_node is not None
            key = name_node
        name = property_name(evaluator, key, scope)
        found: Value
        if value is not None:
            found = evaluator.attempt(value, inner)
        elif following is not None:
            found = following
        else:
            found = Unknown(Unreadable("a member without a value", origin))
        made.properties[name] = found
        made.origins[name] = origin
        inner.define(name, found)
        following = None
        if isinstance(found, float):
            made.properties[number_text(found, origin)] = name
            following = found + 1
    return made
