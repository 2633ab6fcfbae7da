"""Names of a module that are declared or exported twice, which JavaScript refuses to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .patterns import declared_in
from .syntax import Node, Source, children, text_of

_NAMED: Final = (
    "class_declaration",
    "abstract_class_declaration",
    "function_declaration",
    "generator_function_declaration",
)


def declared_twice(source: Source) -> tuple[str, Node] | None:
    """What is declared or exported again, and where; packages are taken as they are.

    Not looked at are what may have several declarations (`var`, enums, namespaces), and imports.
    """
    if source.is_package:
        return None
    declared: dict[str, Node] = {}
    exported: dict[str, Node] = {}
    for statement in children(source.root):
        inner = statement
        if statement.type == "export_statement":
            for name, node in _exported(statement):
                if name in exported:
                    return _told(f"`{name}` is exported", exported[name], node)
                exported[name] = node
            inner = statement.child_by_field_name("declaration") or statement
        for name, node in _declared(inner):
            if name in declared:
                return _told(f"`{name}` is declared", declared[name], node)
            declared[name] = node
    return None


def _told(what: str, first: Node, again: Node) -> tuple[str, Node]:
    return f"{what} twice, first in line {first.start_point.row + 1}", again


def _declared(node: Node) -> Iterator[tuple[str, Node]]:
    if node.type == "lexical_declaration":
        for declarator in children(node):
            pattern = declarator.child_by_field_name("name")
            if pattern is not None and pattern.type == "identifier":
                yield text_of(pattern), pattern
            elif pattern is not None:
                yield from ((name, pattern) for name in declared_in(pattern))
    elif node.type in _NAMED:
        name = node.child_by_field_name("name")
        if name is not None:
            yield text_of(name), name


def _exported(statement: Node) -> Iterator[tuple[str, Node]]:
    """The names of `export default …` and `export { … }`; declarations are looked at as such."""
    if any(child.type == "type" for child in statement.children):
        return
    if any(child.type == "default" for child in statement.children):
        declaration = statement.child_by_field_name("declaration")
        # TypeScript merges an interface with what else is the default.
        if declaration is None or declaration.type in _NAMED:
            yield "default", statement
    for clause in children(statement):
        if clause.type == "export_clause":
            for item in children(clause):
                name = item.child_by_field_name("alias") or item.child_by_field_name(
                    "name"
                )
                is_type = any(child.type == "type" for child in item.children)
                if name is not None and not is_type:
                    yield text_of(name).strip("\"'"), name
