"""Class names: one for every document, id and shared type of the package, without a clash.

Declared names come first (`model:`, named types, named arms of a union); two of those that
clash are a fault. Derived names yield to them, and among each other the table that sorts first
keeps the plain name; a later one gets a number. What is nested in a table's documents is named
in its own module (`ModuleNames`), since no other module imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from codegen.diagnostics import Fault, Path
from codegen.ir.discriminator import tags
from codegen.ir.model import Schema, Table
from codegen.ir.nodes import tables_of_ids
from codegen.ir.types import ANY, Named, Object, Type, Union

from .names import pascal_case
from .singular import singular_class


@dataclass(frozen=True, slots=True)
class ArmNames:
    """The classes of one shape of a table's documents, and its fields (none for `any`)."""

    document: str
    new: str
    patch: str
    shape: Object | None


@dataclass(frozen=True, slots=True)
class TableNames:
    """The classes of a table; `document` is an alias of the arms' union if there are several."""

    document: str
    id: str
    queries: str
    arms: tuple[ArmNames, ...]


@dataclass(frozen=True, slots=True)
class ClassNames:
    """The package's class names: of each table, of each id, and all that are taken.

    Ids are there for more tables than the schema defines: for Convex's own, such as
    `_storage`, and in a Convex export for any that a document refers to.
    """

    tables: Mapping[str, TableNames]
    ids: Mapping[str, str]
    taken: Collection[str]


class ModuleNames:
    """Gives names to what is nested in one module, apart from all that the package took."""

    def __init__(self, taken: Collection[str]) -> None:
        self._package = taken
        self._own: set[str] = set()

    def derive(self, name: str) -> str:
        free = name
        number = 1
        while free in self._package or free in self._own:
            number += 1
            free = f"{name}{number}"
        self._own.add(free)
        return free


def class_names(
    schema: Schema, models: Mapping[str, str]
) -> tuple[ClassNames, list[Fault]]:
    """The names of a schema's classes; `models` overrides `model:` by table name."""
    declared: dict[str, Path] = {}
    faults: list[Fault] = []

    def declare(name: str, path: Path) -> None:
        first = declared.setdefault(name, path)
        if first != path:
            faults.append(
                Fault(
                    "E230",
                    path,
                    f"two classes would be called `{name}`",
                    "give one of them another name",
                    ((first, "the first is declared here"),),
                )
            )

    for name in schema.types:
        declare(name, ("types", name))
    own = {t.name: models.get(t.name) or t.model for t in schema.tables.values()}
    for table, model in own.items():
        if model:
            declare(model, ("tables", table, "model"))
    shapes = {name: _shapes(schema.tables[name], schema) for name in schema.tables}
    for table, arms in shapes.items():
        if len(arms) > 1:
            for index, arm in enumerate(arms):
                if arm.declared:
                    declare(arm.declared, ("tables", table, "document", "arm", index))

    taken = set(declared)

    def derive(name: str) -> str:
        free = name
        number = 1
        while free in taken:
            number += 1
            free = f"{name}{number}"
        taken.add(free)
        return free

    documents = {
        table: own[table] or derive(singular_class(table))
        for table in sorted(schema.tables)
    }
    names = {
        table: TableNames(
            document=document,
            id=derive(f"{document}Id"),
            queries=derive(f"{document}Queries"),
            arms=tuple(_arm_names(document, shapes[table], derive)),
        )
        for table, document in documents.items()
    }
    ids = {table: own.id for table, own in names.items()}
    for table in sorted(tables_of_ids(schema)):
        if table not in ids:
            ids[table] = derive(f"{singular_class(table)}Id")
    return ClassNames(names, ids, taken), faults


@dataclass(frozen=True, slots=True)
class _Shape:
    """One arm of a document's type: its fields, and the names that it may be given."""

    object: Object | None
    declared: str | None = None
    suffix: str = ""


def _shapes(table: Table, schema: Schema) -> tuple[_Shape, ...]:
    if isinstance(table.document, Object):
        return (_Shape(table.document, table.document.name),)
    arms = tuple(_arms(table.document, schema))
    objects = [arm for arm, _ in arms if isinstance(arm, Object)]
    if len(objects) < len(arms) or not arms:
        return (_Shape(None),)
    found = tags(objects, schema)
    suffixes = [
        type_name
        or (pascal_case(found[1][index][0]) if found else "")
        or str(index + 1)
        for index, (_, type_name) in enumerate(arms)
    ]
    return tuple(
        _Shape(arm, arm.name, suffix)
        for arm, suffix in zip(objects, suffixes, strict=True)
    )


def _arms(document: Type, schema: Schema, name: str = "") -> Iterator[tuple[Type, str]]:
    """The arms of a document's type, unions and names of types opened, with those names."""
    match document:
        case Union(arms):
            for arm in arms:
                yield from _arms(arm, schema)
        case Named(reference):
            yield from _arms(schema.types[reference].type, schema, reference)
        case Object():
            yield document, name
        case _:
            yield ANY, name


def _arm_names(
    document: str, shapes: tuple[_Shape, ...], derive: Callable[[str], str]
) -> Iterator[ArmNames]:
    for shape in shapes:
        arm = document
        if len(shapes) > 1:
            arm = shape.declared or derive(document + shape.suffix)
        yield ArmNames(arm, derive(f"{arm}New"), derive(f"{arm}Patch"), shape.object)
