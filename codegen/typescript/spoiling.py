"""What code that can't be read may have changed, which then can't be told either.

Calls of functions that are not part of the project are taken to change nothing, unless they are
statements of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .scopes import Scope
from .syntax import Node, captures, text_of
from .tables import TableDefinition
from .validators import Validator
from .values import (
    Closure,
    JsArray,
    JsObject,
    Native,
    Spoilable,
    Unknown,
    Unreadable,
    Value,
)

_WRITES: Final = """
(assignment_expression left: (_) @written)
(augmented_assignment_expression left: (_) @written)
(update_expression argument: (_) @written)
(unary_expression operator: "delete" argument: (_) @written)
(call_expression
  function: (member_expression object: (_) @written property: (property_identifier) @method)
  (#any-of? @method "push" "pop" "shift" "unshift" "splice" "sort" "reverse" "fill"
    "copyWithin" "set" "add" "delete" "clear" "index" "searchIndex" "vectorIndex" "staged"))
(call_expression
  function: (member_expression property: (property_identifier) @assign)
  arguments: (arguments . (_) @written)
  (#any-of? @assign "assign" "defineProperty" "setPrototypeOf"))
"""
_CALLS: Final = "(call_expression) @call (new_expression) @call"
_STATEMENTS: Final = "(expression_statement) @statement"


def spoil(node: Node, scope: Scope, error: Unreadable) -> None:
    """Gives up whatever a piece of code that was not read to its end may have changed."""
    _Spoiling(error).code(node, scope)


class _Spoiling:
    def __init__(self, error: Unreadable) -> None:
        self._error = error
        self._seen: set[int] = set()

    def code(self, node: Node, scope: Scope) -> None:
        source = scope.source
        for written in captures(source, _WRITES, "written", node):
            self._assigned(written, scope)
            self._names(_root(written), scope)
        for call in captures(source, _CALLS, "call", node):
            self._call(call, scope)
        for statement in captures(source, _STATEMENTS, "statement", node):
            inner = statement.named_children[0]
            if inner.type == "call_expression" and not self._is_native(inner, scope):
                self._names(inner, scope)

    def _assigned(self, written: Node, scope: Scope) -> None:
        """Gives up the variables that get another value."""
        for name in names_in(written) if not _is_member(written) else ():
            binding = scope.find(name)
            if binding is not None and not binding.constant:
                self._value(binding.peek())
                binding.set(Unknown(self._error))

    def _call(self, call: Node, scope: Scope) -> None:
        callee = call.child_by_field_name("function")
        callee = callee or call.child_by_field_name("constructor")
        if callee is None:
            return
        function = _value_of(callee, scope)
        if not isinstance(function, Closure):
            # The method of an object: any of those that it has.
            binding = scope.find(text_of(_root(callee)))
            holder = binding.peek() if binding is not None else None
            methods = holder.properties.values() if isinstance(holder, JsObject) else ()
            for method in methods:
                self._closure(method, call, scope)
        self._closure(function, call, scope)

    def _closure(self, function: Value, call: Node, scope: Scope) -> None:
        if not isinstance(function, Closure):
            return
        source = function.scope.source
        if captures(source, _WRITES, "written", function.body):
            self._names(call, scope)
        if function.body.id not in self._seen:
            self._seen.add(function.body.id)
            self.code(function.body, function.scope)

    def _is_native(self, call: Node, scope: Scope) -> bool:
        callee = call.child_by_field_name("function")
        return callee is not None and isinstance(_value_of(callee, scope), Native)

    def _names(self, node: Node, scope: Scope) -> None:
        """Gives up the objects that a piece of code has names for."""
        for name in names_in(node):
            binding = scope.find(name)
            if binding is not None:
                self._value(binding.peek())

    def _value(self, value: Value) -> None:
        todo = [value]
        while todo:
            part = todo.pop()
            if id(part) in self._seen:
                continue
            self._seen.add(id(part))
            if isinstance(part, Spoilable) and not _is_library(part):
                part.spoiled = self._error
            if isinstance(part, JsObject):
                todo += part.properties.values()
            elif isinstance(part, JsArray):
                todo += part.items
            elif isinstance(part, Validator):
                todo += part.parts
            elif isinstance(part, TableDefinition):
                part.broken.append(self._error)
                todo.append(part.validator)


def _is_library(value: Value) -> bool:
    """Whether it is an object of functions that are ours, such as `v`."""
    if not isinstance(value, JsObject) or not value.properties:
        return False
    return all(isinstance(part, Native) for part in value.properties.values())


def _value_of(node: Node, scope: Scope) -> Value:
    """The value of a name, or of a member of what a name stands for."""
    if node.type == "identifier":
        binding = scope.find(text_of(node))
        return binding.peek() if binding is not None else None
    inner = node.child_by_field_name("object")
    name = node.child_by_field_name("property")
    if inner is None or name is None:
        return None
    target = _value_of(inner, scope)
    if isinstance(target, JsObject):
        return target.properties.get(text_of(name))
    return None


def _is_member(node: Node) -> bool:
    return node.type in ("member_expression", "subscript_expression")


def _root(node: Node) -> Node:
    """The object that a chain of members begins with."""
    while _is_member(node):
        inner = node.child_by_field_name("object")
        if inner is None:
            break
        node = inner
    return node


def names_in(node: Node) -> Iterator[str]:
    """The identifiers that a piece of code mentions."""
    todo = [node]
    while todo:
        inner = todo.pop()
        if inner.type in _NAMES:
            yield text_of(inner)
        todo.extend(inner.named_children)


_NAMES: Final = (
    "identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "this",
)
