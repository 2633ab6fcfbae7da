"""The tables of a generated package as a factory sees them: a class for each kind of document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from codegen.engines.package import Package
from codegen.ir.model import Schema as Definition
from codegen.ir.types import Named, Object, Type, Union
from codegen.runtime.documents import Document, New, Patch, TableModel
from codegen.runtime.ids import Id
from codegen.runtime.schema import Schema

from .packages import server_of
from .possibilities import Possibilities
from .vectors import with_vectors


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of documents of a table: their fields (None for any), and their classes."""

    table: str
    shape: Object | None
    document: type[Document]
    new: type[New[Any]]
    patch: type[Patch[Any]]


class Kinds:
    """The kinds of documents of a package; a table's module is imported on first use."""

    def __init__(self, name: str, models: Schema) -> None:
        self.name: Final = name
        self._models = models
        self.schema: Final = Package(name, models).schema
        self.possibilities: Final = Possibilities(self.schema)
        self._by_table: dict[str, tuple[Kind, ...]] = {}

    def of_table(self, table: str) -> tuple[Kind, ...]:
        """Usually one, several where the documents are a union."""
        known = self._by_table.get(table)
        if known is None:
            models = self._models.tables[table]
            document = with_vectors(self.schema.tables[table], self.schema)
            shapes = _shapes(document, self.schema)
            classes = zip(models.documents, models.news, models.patches, strict=True)
            known = self._by_table[table] = tuple(
                Kind(table, shape, *three)
                for shape, three in zip(shapes, classes, strict=True)
            )
        return known

    def id_class(self, table: str) -> type[Id[Any]]:
        return self._models.tables[table].id

    def of_class(self, model: type[TableModel]) -> Kind:
        """The kind of a class of documents, or of new documents.

        Raises a TypeError for any other class.
        """
        table: str = getattr(model, "__table__", "")
        for kind in self.of_table(table) if table in self.schema.tables else ():
            if model in (kind.document, kind.new):
                return kind
        shown = getattr(model, "__name__", repr(model))
        raise TypeError(
            f"`{shown}` is not a class of documents, or of new documents, of the package"
            f" `{self.name}`"
        )


def kinds_of(package: ModuleType) -> Kinds:
    """The kinds of a generated package; a TypeError for another module."""
    return _kinds(package.__package__ or "", server_of(package).schema)


@lru_cache(maxsize=16)
def _kinds(name: str, models: Schema) -> Kinds:
    return Kinds(name, models)


def _shapes(document: Type, schema: Definition) -> list[Object | None]:
    """The kinds of documents in the order of their classes, as the generator tells them apart."""
    arms = list(_arms(document, schema))
    whole = arms and None not in arms
    return arms if whole else [None]


def _arms(document: Type, schema: Definition) -> Iterator[Object | None]:
    if isinstance(document, Union):
        for arm in document.arms:
            yield from _arms(arm, schema)
    elif isinstance(document, Named):
        yield from _arms(schema.types[document.name].type, schema)
    else:
        yield document if isinstance(document, Object) else None
