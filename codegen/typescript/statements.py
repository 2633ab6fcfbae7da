"""The statements of a function's body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .classes import class_of
from .expressions import closure
from .iteration import elements
from .patterns import assign_variables, bind, declared_in, variables_in
from .scopes import Binding, Scope
from .syntax import Node, children, text_of
from .values import (
    UNDEFINED,
    HostObject,
    JsObject,
    Refused,
    Unknown,
    Unreadable,
    Value,
    known,
    strictly_equal,
    truthy,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


@dataclass(frozen=True, slots=True)
class Return:
    """The end of a function, with its value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Jump:
    """The end of a loop, or of one of its turns."""

    is_break: bool


_BREAK: Final = Jump(True)
_CONTINUE: Final = Jump(False)
NO_CODE: Final = (
    "type_alias_declaration",
    "interface_declaration",
    "empty_statement",
    "comment",
    "ambient_declaration",
    "function_signature",
    "hash_bang_line",
    "import_alias",
)
"""Statements that do nothing when the program runs."""


def run_body(evaluator: Evaluator, body: Node, scope: Scope) -> Value:
    """What a function with this body gives."""
    # Few functions use `var`: the others need not be searched.
    for name in variables_in(body) if b"var" in (body.text or b"") else ():
        if name not in scope.names:
            scope.define(name, UNDEFINED, constant=False)
    end = run_block(evaluator, body, scope)
    return end.value if isinstance(end, Return) else UNDEFINED


def run_block(evaluator: Evaluator, block: Node, scope: Scope) -> Return | Jump | None:
    """Runs the statements of a block in a scope made for it."""
    statements = children(block)
    for statement in statements:
        if statement.type == "function_declaration":
            hoist(statement, scope)
        elif statement.type == "lexical_declaration":
            _hide(statement, scope)
    for statement in statements:
        end = run(evaluator, statement, scope)
        if end is not None:
            return end
    return None


def _hide(statement: Node, scope: Scope) -> None:
    """Hides names from outside that a block declares, from the beginning of the block."""
    error = Refused(
        "a variable that is used before it is declared", scope.origin(statement)
    )
    for declarator in children(statement):
        pattern = declarator.child_by_field_name("name")
        for name in declared_in(pattern) if pattern is not None else ():
            scope.define(name, Unknown(error))


def hoist(node: Node, scope: Scope) -> str:
    """Makes the name of a declared function known; gives the name."""
    name = node.child_by_field_name("name")
    assert name is not None
    scope.names[text_of(name)] = Binding(
        closure(node, scope), origin=scope.origin(node), constant=False
    )
    return text_of(name)


def run(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    """Runs a statement; raises `Unreadable`."""
    evaluator.enter(scope.origin(node))
    try:
        return _run(evaluator, node, scope)
    finally:
        evaluator.leave()


def _run(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    kind = node.type
    if kind in NO_CODE or kind == "function_declaration":
        return None
    if kind == "expression_statement":
        evaluator.evaluate(children(node)[0], scope)
        return None
    if kind == "return_statement":
        value = children(node)
        return Return(
            known(evaluator.evaluate(value[0], scope)) if value else UNDEFINED
        )
    if kind in ("lexical_declaration", "variable_declaration"):
        declare(evaluator, node, scope)
        return None
    if kind == "statement_block":
        return run_block(evaluator, node, scope.inner())
    if kind == "if_statement":
        return _if(evaluator, node, scope)
    if kind == "for_in_statement":
        return _for_in(evaluator, node, scope)
    if kind == "for_statement":
        return _for(evaluator, node, scope)
    if kind in ("while_statement", "do_statement"):
        return _while(evaluator, node, scope)
    if kind == "switch_statement":
        return _switch(evaluator, node, scope)
    if kind in ("break_statement", "continue_statement") and not children(node):
        return _BREAK if kind == "break_statement" else _CONTINUE
    if kind == "class_declaration":
        made = class_of(evaluator, node, scope)
        scope.define(made.name, made)
        return None
    if kind == "throw_statement":
        raise Unreadable("the code throws an error here", scope.origin(node))
    raise Unreadable("a statement of this form", scope.origin(node))


def declare(evaluator: Evaluator, node: Node, scope: Scope) -> None:
    """Makes the names of a `const`, `let` or `var` stand for their values."""
    kind = node.children[0].type
    for declarator in children(node):
        name = declarator.child_by_field_name("name")
        initial = declarator.child_by_field_name("value")
        if name is None:
            raise Unreadable("a declaration of this form", scope.origin(declarator))
        if kind == "var" and initial is None:
            continue
        value = evaluator.attempt(initial, scope) if initial else UNDEFINED
        if kind == "var":
            assign_variables(evaluator, name, value, scope)
        else:
            bind(evaluator, name, value, scope, constant=kind == "const")


def _if(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    condition = node.child_by_field_name("condition")
    consequence = node.child_by_field_name("consequence")
    alternative = node.child_by_field_name("alternative")
    assert condition is not None and consequence is not None
    if truthy(evaluator.evaluate(condition, scope)):
        return run(evaluator, consequence, scope)
    return run(evaluator, children(alternative)[0], scope) if alternative else None


def _for_in(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    body, sort = node.child_by_field_name("body"), node.child_by_field_name("operator")
    kind = node.child_by_field_name("kind")
    if left is None or right is None or body is None or sort is None or kind is None:
        raise Unreadable("a loop of this form", scope.origin(node))
    if any(child.type == "await" for child in node.children):
        raise Unreadable("a loop that awaits", scope.origin(node))
    value = evaluator.evaluate(right, scope)
    origin = scope.origin(right)
    items: Iterator[Value]
    if text_of(sort) == "of":
        items = elements(value, origin)
    elif isinstance(value, (JsObject, HostObject)) and value.names() is not None:
        items = iter(value.names() or ())
    else:
        raise Unreadable("the names of such a value", origin)
    for item in items:
        evaluator.spend(1, origin)
        inner = scope.inner()
        if text_of(kind) == "var":
            assign_variables(evaluator, left, item, inner)
        else:
            bind(evaluator, left, item, inner, constant=text_of(kind) == "const")
        end = run(evaluator, body, inner)
        if isinstance(end, Return):
            return end
        if end is _BREAK:
            break
    return None


def _for(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    inner = scope.inner()
    body = node.child_by_field_name("body")
    initial = node.child_by_field_name("initializer")
    condition = node.child_by_field_name("condition")
    increment = node.child_by_field_name("increment")
    assert body is not None
    if initial is not None:
        run(evaluator, initial, inner)
    while True:
        evaluator.spend(1, scope.origin(node))
        if condition is not None and condition.type != "empty_statement":
            test = condition
            if condition.type == "expression_statement":
                test = children(condition)[0]
            if not truthy(evaluator.evaluate(test, inner)):
                return None
        end = run(evaluator, body, inner)
        if isinstance(end, Return):
            return end
        if end is _BREAK:
            return None
        # Each turn has names of its own, which functions made in it keep.
        inner = Scope(
            scope.source,
            scope,
            {
                name: Binding(binding.get(), constant=binding.constant)
                for name, binding in inner.names.items()
            },
        )
        if increment is not None:
            evaluator.evaluate(increment, inner)


def _while(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    condition = node.child_by_field_name("condition")
    body = node.child_by_field_name("body")
    assert condition is not None and body is not None
    is_tested = node.type == "while_statement"
    while not is_tested or truthy(evaluator.evaluate(condition, scope)):
        is_tested = True
        evaluator.spend(1, scope.origin(node))
        end = run(evaluator, body, scope)
        if isinstance(end, Return):
            return end
        if end is _BREAK:
            break
    return None


def _switch(evaluator: Evaluator, node: Node, scope: Scope) -> Return | Jump | None:
    value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
    assert value is not None and body is not None
    chosen = evaluator.evaluate(value, scope)
    cases = children(body)
    start = None
    for position, case in enumerate(cases):
        test = case.child_by_field_name("value")
        if test is not None and strictly_equal(evaluator.evaluate(test, scope), chosen):
            start = position
            break
    if start is None:
        defaults = [i for i, case in enumerate(cases) if case.type == "switch_default"]
        if not defaults:
            return None
        start = defaults[0]
    inner = scope.inner()
    for case in cases[start:]:
        test = case.child_by_field_name("value")
        for statement in children(case):
            if statement == test:
                continue
            end = run(evaluator, statement, inner)
            if end is _BREAK:
                return None
            if end is not None:
                return end
    return None
