"""TypeScript's enums: objects, in which numbers lead back to their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .literals import property_name
from .scopes import Scope
from .syntax import Node, children
from .values import JsObject, Unknown, Unreadable, Value, number_text

if TYPE_CHECKING:
    from .evaluate import Evaluator


def members_of_enum(
    evaluator: Evaluator, node: Node, scope: Scope, *, again: bool
) -> Value:
    """What an enum stands for; `again` says that its name is declared twice."""
    body = node.child_by_field_name("body")
    assert body is not None
    if again:
        raise Unreadable("an enum that is declared twice", scope.origin(node))
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
