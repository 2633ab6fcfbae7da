"""A small evaluator of declarative TypeScript.

It gives the value that running the code would give, or raises `Unreadable`: for what depends on
the world outside, for what is not part of its subset, and for what takes too long.
"""

from __future__ import annotations

from typing import Final

from .expressions import EXPRESSIONS
from .patterns import bind_parameters, parameter_properties
from .scopes import Scope
from .spoiling import spoil
from .statements import run_body
from .syntax import Node, text_of
from .values import (
    UNDEFINED,
    Closure,
    JsObject,
    Native,
    Origin,
    Unknown,
    Unreadable,
    Value,
    known,
    size_of,
)

MAX_STEPS: Final = 1_000_000
"""How many expressions are evaluated at most for a schema."""
MAX_DEPTH: Final = 150
"""How deeply expressions and calls may be nested."""


_TOO_DEEP: Final = "nested too deeply to be read"


class Evaluator:
    """Evaluates expressions, within bounds."""

    def __init__(self) -> None:
        self._steps = 0
        self._end: Origin | None = None
        self._depth = 0

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """The value of an expression; raises `Unreadable`."""
        evaluate = EXPRESSIONS.get(node.type)
        if evaluate is None:
            raise Unreadable(_unsupported(node), scope.origin(node))
        self._steps += 1
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise Unreadable(_TOO_DEEP, scope.origin(node))
            if self._steps > MAX_STEPS:
                self.spend(0, scope.origin(node))
            return evaluate(self, node, scope)
        except RecursionError:
            raise Unreadable(_TOO_DEEP, scope.origin(node)) from None
        finally:
            self._depth -= 1

    def enter(self, origin: Origin) -> None:
        """Goes a level deeper; raises `Unreadable` where there are too many."""
        if self._depth >= MAX_DEPTH:
            raise Unreadable(_TOO_DEEP, origin)
        self._depth += 1

    def leave(self) -> None:
        """Comes back from a level."""
        self._depth -= 1

    def spend(self, steps: int, origin: Origin) -> None:
        """Counts work that is done at once; raises `Unreadable` where it is too much."""
        self._steps += steps
        if self._steps > MAX_STEPS:
            # All that comes later fails because of what took so long.
            self._end = self._end or origin
            raise Unreadable("this takes too long to be read", self._end)

    def attempt(self, node: Node, scope: Scope) -> Value:
        """The value of an expression, or an `Unknown` in its place."""
        try:
            return self.evaluate(node, scope)
        except Unreadable as error:
            spoil(node, scope, error)
            return Unknown(error)

    def call(self, function: Value, arguments: list[Value], origin: Origin) -> Value:
        """What a function gives for arguments, which may be `Unknown`."""
        function = known(function)
        if isinstance(function, Native):
            if arguments:
                self.spend(sum(map(size_of, arguments)), origin)
            value = function.call(self, arguments, origin)
            self.spend(size_of(value), origin)
            return value
        if not isinstance(function, Closure):
            raise Unreadable("a call of what is no function", origin)
        if not function.callable:
            raise Unreadable("a call of an async function or a generator", origin)
        scope = function.scope.inner()
        if not function.is_arrow:
            scope.define("this", UNDEFINED if function.this is None else function.this)
        try:
            bind_parameters(self, function.parameters, arguments, scope)
            if function.body.type == "statement_block":
                return run_body(self, function.body, scope)
            return self.evaluate(function.body, scope)
        except Unreadable as error:
            error.callers.append(origin)
            raise

    def run_constructor(
        self, function: Closure, made: JsObject, parent: Native, arguments: list[Value]
    ) -> None:
        """Runs a constructor on the object that is being made."""
        scope = function.scope.inner()
        scope.define("this", made)
        scope.define("super", parent)
        bind_parameters(self, function.parameters, arguments, scope)
        for name in parameter_properties(function.parameters):
            made.properties[name] = scope.names[name].get()
        run_body(self, function.body, scope)


def _unsupported(node: Node) -> str:
    """Says which construct it is that can't be evaluated."""
    if node.type in _NAMES:
        return f"{_NAMES[node.type]} can't be read without running it"
    shown = " ".join(text_of(node).split())
    shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
    return f"`{shown}` can't be read without running it"


_NAMES: Final = {
    "await_expression": "what an `await` gives",
    "regex": "a regular expression",
    "class": "a class",
    "yield_expression": "a `yield`",
    "ERROR": "what is not TypeScript",
}
