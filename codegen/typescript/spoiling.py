"""What code that can't be read may have changed, which then can't be told either.

Calls of functions that are not part of the project are taken to change nothing, unless they are
statements of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .iteration import Iterable
from .members import find_method
from .scopes import Scope
from .syntax import Node, children, text_of
from .tables import SchemaDefinition, TableDefinition
from .validators import Validator
from .values import (
    Closure,
    JsArray,
    JsClass,
    JsObject,
    Native,
    Unknown,
    Unreadable,
    Value,
)

_WRITING: Final = {
    "assignment_expression": "left",
    "augmented_assignment_expression": "left",
    "update_expression": "argument",
    "for_in_statement": "left",
}
"""Code that changes something, and the field that says what."""
_MUTATING: Final = frozenset(
    (
        *("push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill"),
        *("copyWithin", "set", "add", "delete", "clear"),
        *("index", "searchIndex", "vectorIndex", "staged"),
    )
)
_ASSIGNING: Final = frozenset(("assign", "defineProperty", "setPrototypeOf"))
_PARTS: Final = (
    "member_expression",
    "subscript_expression",
    "call_expression",
    "arguments",
)
"""What is changed itself, while no variable gets another value."""
_CALLS: Final = ("call_expression", "new_expression")
_CHANGEABLE: Final = (JsArray, JsObject, Iterable, Validator)


def spoil(node: Node, scope: Scope, error: Unreadable) -> None:
    """Gives up whatever a piece of code that was not read to its end may have changed."""
    _Spoiling(error).run(node, scope)


class _Spoiling:
    def __init__(self, error: Unreadable) -> None:
        self._error = error
        self._todo: list[tuple[Node, Scope]] = []
        self._seen: set[int] = set()
        """The nodes and the values that were looked at, by their ids."""

    def run(self, node: Node, scope: Scope) -> None:
        self._todo.append((node, scope))
        while self._todo:
            self._code(*self._todo.pop())

    def _code(self, node: Node, scope: Scope) -> None:
        for inner in _inside(node):
            written = _written(inner)
            if written is not None:
                if written.type not in _PARTS:
                    for name in filter(_is_identifier, _inside(written)):
                        self._assigned(text_of(name), scope)
                self._names(written, scope)
            if inner.type in _CALLS:
                self._call(inner, scope)
            if inner.type == "expression_statement":
                self._statement(children(inner)[0], scope)

    def _assigned(self, name: str, scope: Scope) -> None:
        """Gives up a variable that gets another value."""
        binding = scope.find(name)
        if binding is not None and not binding.constant:
            self._value(binding.peek())
            binding.set(Unknown(self._error))

    def _call(self, call: Node, scope: Scope) -> None:
        callee = call.child_by_field_name("function")
        callee = callee or call.child_by_field_name("constructor")
        function = _value_of(callee, scope) if callee is not None else None
        if isinstance(function, Closure):
            if any(map(_written, _inside(function.body))):
                self._names(call, scope)
            self._value(function)
        elif isinstance(function, JsClass):
            self._names(call, scope)

    def _statement(self, call: Node, scope: Scope) -> None:
        """A call that is a statement is there to change something."""
        callee = call.child_by_field_name("function")
        if callee is not None and not isinstance(_value_of(callee, scope), Native):
            self._names(call, scope)

    def _names(self, node: Node, scope: Scope) -> None:
        """Gives up the objects that a piece of code has names for."""
        todo = [node]
        while todo:
            inner = todo.pop()
            if inner.id in self._seen:
                continue
            self._seen.add(inner.id)
            if inner.type in _NAMES:
                binding = scope.find(text_of(inner))
                self._value(binding.peek() if binding is not None else None)
            todo += inner.named_children

    def _value(self, value: Value) -> None:
        todo = [value]
        while todo:
            part = todo.pop()
            if id(part) in self._seen:
                continue
            self._seen.add(id(part))
            if isinstance(part, _CHANGEABLE) and not _is_library(part):
                part.spoiled = self._error
            if isinstance(part, JsObject):
                todo += [*part.properties.values(), part.made_by]
            elif isinstance(part, Closure):
                # It may have been called; methods are made anew when they are asked for.
                if part.body.id not in self._seen:
                    self._seen.add(part.body.id)
                    self._todo.append((part.body, part.scope))
            elif isinstance(part, JsClass):
                todo += [part.constructor, *part.methods.values()]
                todo += part.statics.values()
            elif isinstance(part, JsArray):
                todo += part.items
            elif isinstance(part, Iterable):
                todo += part.items()
            elif isinstance(part, Validator):
                todo += part.parts
            elif isinstance(part, SchemaDefinition):
                todo.append(part.tables)
            elif isinstance(part, TableDefinition):
                part.broken.append(self._error)
                todo.append(part.validator)


def _inside(node: Node) -> Iterator[Node]:
    """A node and all that is in it."""
    todo = [node]
    while todo:
        inner = todo.pop()
        yield inner
        todo += inner.named_children


def _written(node: Node) -> Node | None:
    """What a piece of code changes, if it does."""
    if node.type in _WRITING:
        return node.child_by_field_name(_WRITING[node.type])
    if node.type == "unary_expression":
        is_delete = node.children[0].type == "delete"
        return node.child_by_field_name("argument") if is_delete else None
    if node.type != "call_expression":
        return None
    callee = node.child_by_field_name("function")
    name = callee.child_by_field_name("property") if callee is not None else None
    method = text_of(name) if name is not None else ""
    if callee is not None and method in _MUTATING:
        return callee.child_by_field_name("object")
    return node.child_by_field_name("arguments") if method in _ASSIGNING else None


def _is_identifier(node: Node) -> bool:
    return node.type in ("identifier", "shorthand_property_identifier_pattern")


def _is_library(value: Value) -> bool:
    """Whether it is an object of functions that are ours, such as `v`."""
    if not isinstance(value, JsObject) or not value.properties:
        return False
    return all(isinstance(part, Native) for part in value.properties.values())


def _value_of(node: Node, scope: Scope) -> Value:
    """The value of a name, or of a member of what a name stands for."""
    members: list[str] = []
    while node.type == "member_expression":
        inner = node.child_by_field_name("object")
        name = node.child_by_field_name("property")
        if inner is None or name is None:
            return None
        members.append(text_of(name))
        node = inner
    binding = scope.find(text_of(node)) if node.type in _NAMES else None
    value = binding.peek() if binding is not None else None
    for member in reversed(members):
        if not isinstance(value, JsObject):
            return None
        value = value.properties.get(member) or find_method(value.made_by, member)
    return value


_NAMES: Final = (
    "identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "this",
)
