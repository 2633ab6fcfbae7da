"""What can be a table's document: an object, a union of objects, or any."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diagnostics import Fault, Path

from ..model import Schema
from ..nodes import Nodes
from ..notation import form
from ..types import ANY, NEVER, Constrained, Named, Object, Type, Union
from .identifiers import shown


def check_documents(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """The shape of each document, and its fields with Convex's own kind of name."""
    checked: set[Path] = set()
    for table in schema.tables.values():
        documents = [(("tables", table.name, "document"), table.document)]
        if table.staged_document is not None:
            path = ("tables", table.name, "stagedDocument")
            documents.append((path, table.staged_document))
        for path, document in documents:
            yield from _document(table.name, path, document, schema, checked)


def arms_of(path: Path, node: Type, schema: Schema) -> Iterator[tuple[Path, Type]]:
    """The document type, or each arm of a union of them, with names followed."""
    path, node = _followed(path, node, schema)
    if isinstance(node, Union):
        for i, arm in enumerate(node.arms):
            yield _followed((*path, "arm", i), arm, schema)
    else:
        yield path, node


def _document(
    table: str, path: Path, document: Type, schema: Schema, checked: set[Path]
) -> Iterator[Fault]:
    _, whole = _followed(path, document, schema)
    if whole == NEVER:
        yield Fault("E213", path, "no document fits a union without arms")
    for i, (place, arm) in enumerate(arms_of(path, document, schema)):
        if isinstance(arm, Object):
            if place not in checked:
                checked.add(place)
                yield from _reserved(place, arm)
        elif arm != ANY or isinstance(whole, Union):
            message = (
                f"a document of {shown(table)} is an object, a union of objects, or Any; "
                f"this is {form(arm)}"
            )
            used = (*path, "arm", i) if isinstance(document, Union) else path
            is_named = place[0] == "types"
            related = ((place, "the type is written here"),) if is_named else ()
            yield Fault("E213", used if is_named else place, message, "", related)


def _reserved(path: Path, node: Object) -> Iterator[Fault]:
    for field in node.fields:
        if field.name.startswith("_"):
            message = f"field {shown(field.name)} starts with an underscore"
            hint = "Convex adds `_id` and `_creationTime` itself"
            if field.name not in ("_id", "_creationTime"):
                hint = "Convex keeps such names at the top of a document for itself"
            yield Fault("E204", (*path, "field", field.name), message, hint)


def _followed(path: Path, node: Type, schema: Schema) -> tuple[Path, Type]:
    while isinstance(node, (Named, Constrained)):
        if isinstance(node, Named):
            path, node = ("types", node.name, "type"), schema.types[node.name].type
        else:
            path, node = (*path, "inner"), node.inner
    return path, node
