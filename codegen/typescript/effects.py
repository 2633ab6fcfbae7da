"""Statements of a module that do something, rather than declare something.

A module without them can be read lazily: what is not asked for need not be understood.
"""

from __future__ import annotations

from typing import Final

from .syntax import Node, Source, captures, children, text_of

_DECLARING: Final = frozenset(
    {
        "import_statement",
        "export_statement",
        "lexical_declaration",
        "variable_declaration",
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "abstract_class_declaration",
        "enum_declaration",
        "type_alias_declaration",
        "interface_declaration",
        "ambient_declaration",
        "function_signature",
        "empty_statement",
        "hash_bang_line",
        "import_alias",
    }
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


def effects_of(source: Source, names: set[str]) -> frozenset[Node]:
    """The statements that do something; none where no name of the module can change.

    Directives such as `"use node"` do nothing.
    """
    statements = frozenset(
        statement
        for statement in children(source.root)
        if statement.type not in _DECLARING and not _is_directive(statement)
    )
    if statements or not _has_writes(source, names):
        return statements
    # Functions write to names of the module: then it runs in order.
    return frozenset({source.root})


def _is_directive(statement: Node) -> bool:
    inner = children(statement)
    return (
        statement.type == "expression_statement"
        and len(inner) == 1
        and inner[0].type == "string"
    )


def _has_writes(source: Source, names: set[str]) -> bool:
    for node in captures(source, _WRITES, "written"):
        root = node
        while root.type in ("member_expression", "subscript_expression"):
            inner = root.child_by_field_name("object")
            if inner is None:
                break
            root = inner
        if root.type == "identifier" and text_of(root) in names:
            return True
    return False


def names_in(node: Node) -> set[str]:
    """The identifiers that a piece of code mentions."""
    found: set[str] = set()
    todo = [node]
    while todo:
        inner = todo.pop()
        if inner.type in ("identifier", "shorthand_property_identifier"):
            found.add(text_of(inner))
        todo.extend(inner.named_children)
    return found
