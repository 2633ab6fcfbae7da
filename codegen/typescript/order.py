"""The order in which modules run: those that a module imports come before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from .syntax import TYPESCRIPT, Node, Source, children, text_of

if TYPE_CHECKING:
    from .modules import Module

Linking: TypeAlias = "Callable[[str], Module | None]"
"""The module of the project that a specifier stands for; None if it is not of the project."""

_TYPES: Final = (
    "type_annotation",
    "type_arguments",
    "type_query",
    "type_alias_declaration",
    "interface_declaration",
    "ambient_declaration",
    "import_statement",
)


def in_order(entry: Module) -> Iterator[Module]:
    """The modules that run with one, in their order, but those that run already."""
    todo: list[tuple[Module, Iterator[Module]]] = []

    def begin(module: Module) -> None:
        module.is_started = True
        todo.append((module, module.imported()))

    begin(entry)
    while todo:
        module, imported = todo[-1]
        following = next((one for one in imported if not one.is_started), None)
        if following is not None:
            begin(following)
        else:
            todo.pop()
            yield module


def specifiers(source: Source) -> Iterator[str]:
    """What a module imports when it runs; TypeScript drops imports of which nothing is used."""
    statements: list[tuple[str, set[str]]] = []
    for statement in children(source.root):
        origin = statement.child_by_field_name("source")
        if origin is None or any(child.type == "type" for child in statement.children):
            continue
        names: set[str] = set()
        if statement.type == "import_statement" and source.path.endswith(TYPESCRIPT):
            names.update(_imported(statement))
        statements.append((text_of(origin)[1:-1], names))
    wanted = {name for _, names in statements for name in names}
    used = _used(source.root, wanted)
    for specifier, names in statements:
        if not names or not used.isdisjoint(names):
            yield specifier


def _imported(statement: Node) -> Iterator[str]:
    """The names that an import gives to values."""
    for clause in children(statement):
        if clause.type != "import_clause":
            continue
        for child in children(clause):
            items = children(child) if child.type == "named_imports" else [child]
            for item in items:
                alias = item.child_by_field_name("alias")
                name = alias or item.child_by_field_name("name")
                yield text_of(name or (children(item) or [item])[0])


def _used(root: Node, wanted: set[str]) -> set[str]:
    """The names among those that are wanted that stand for values somewhere."""
    found: set[str] = set()
    todo = [root]
    # In the order of the text: most of what is imported is used soon.
    while todo and len(found) < len(wanted):
        node = todo.pop()
        if node.type in ("identifier", "shorthand_property_identifier"):
            name = text_of(node)
            if name in wanted:
                found.add(name)
        inner = node.named_children
        todo += [child for child in reversed(inner) if child.type not in _TYPES]
    return found
