"""What a module imports when it runs, and where its text says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codegen.typescript.syntax import Node, Source, captures, children, text_of

_STATEMENTS: Final = """
(import_statement source: (string) @specifier)
(export_statement source: (string) @specifier)
"""
_CALLS: Final = """
(call_expression function: (identifier) arguments: (arguments . (string) @specifier .))
"""
_NAMESPACES: Final = ("namespace_import", "namespace_export")
_REQUIRE: Final = b"require"


@dataclass(frozen=True, slots=True)
class Import:
    """A specifier, and what is asked of the module that it stands for."""

    node: Node
    names: frozenset[str] = frozenset()
    namespace: Node | None = None
    """The `* as name` of an import or an export."""
    attributes: Node | None = None
    """`with { type: "json" }`."""

    @property
    def specifier(self) -> str:
        """The specifier without its quotes."""
        return text_of(self.node)[1:-1]


def imports_of(source: Source) -> Iterator[Import]:
    """The imports of a module, but those of types alone."""
    for node in captures(source, _STATEMENTS, "specifier"):
        statement = node.parent
        if statement is None or _is_of_types(statement):
            continue
        attributes = next(
            (c for c in statement.children if c.type == "import_attribute"), None
        )
        clauses = [
            inner
            for clause in children(statement)
            for inner in (
                children(clause) if clause.type == "import_clause" else [clause]
            )
        ]
        namespace = next((c for c in clauses if c.type in _NAMESPACES), None)
        names = frozenset(
            _name(item)
            for clause in clauses
            if clause.type in ("named_imports", "export_clause")
            for item in children(clause)
            if not _is_of_types(item)
        )
        yield Import(node, names, namespace, attributes)


def requires_of(source: Source) -> Iterator[Import]:
    """The calls of `require` in a module of CommonJS."""
    for node in captures(source, _CALLS, "specifier"):
        call = node.parent and node.parent.parent
        function = call.child_by_field_name("function") if call else None
        if function is not None and function.text == _REQUIRE:
            yield Import(node)


def is_commonjs(source: Source) -> bool:
    """Whether a file is a module of CommonJS: it is JavaScript, and neither imports nor exports."""
    if not source.path.endswith((".js", ".cjs")):
        return False
    statements = ("import_statement", "export_statement")
    return not any(node.type in statements for node in children(source.root))


def _is_of_types(node: Node) -> bool:
    return any(child.type == "type" for child in node.children)


def _name(item: Node) -> str:
    name = item.child_by_field_name("name") or item
    text = text_of(name)
    return text[1:-1] if name.type == "string" else text
