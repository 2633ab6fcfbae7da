"""A generated package's models by their tables' names in the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

from .arms import Arms, union_of
from .documents import Document, New, Patch, TableModel
from .ids import Id

C = TypeVar("C", bound=TableModel | Id[Any])


@dataclass(frozen=True, slots=True)
class TableModels:
    """The classes of one table; a table of several kinds of documents has several of each."""

    name: str
    id: type[Id[Any]]
    documents: tuple[type[Document], ...]
    news: tuple[type[New[Any]], ...]
    patches: tuple[type[Patch[Any]], ...]

    @property
    def document(self) -> Any:
        """The class of the documents, or the union of the classes."""
        return union_of(self.documents)

    @property
    def new(self) -> Any:
        """The class that makes a document, or the union of the classes."""
        return union_of(self.news)

    @property
    def patch(self) -> Any:
        """The class that changes a document, or the union of the classes."""
        return union_of(self.patches)

    @property
    def arms(self) -> Arms[Any]:
        """Parses a document of the table."""
        return Arms(self.documents)


class Schema:
    """The tables of a generated package; a table's module is imported on first use."""

    def __init__(self, server: str, modules: Mapping[str, str]) -> None:
        """`server` is the module that makes the schema, `modules` the tables' modules."""
        self._package = server.rpartition(".")[0]
        self._modules = modules

    @cached_property
    def tables(self) -> Mapping[str, TableModels]:
        """The models of every table by its name on the wire."""
        return _Tables(self._package, self._modules)


class _Tables(Mapping[str, TableModels]):
    def __init__(self, package: str, modules: Mapping[str, str]) -> None:
        self._package = package
        self._modules = modules
        self._loaded: dict[str, TableModels] = {}

    def __getitem__(self, name: str) -> TableModels:
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = self._load(name, self._modules[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def _load(self, name: str, module: str) -> TableModels:
        ids = import_module(f"{self._package}.ids")
        table = import_module(f"{self._package}.tables.{module}")
        (id_class,) = _classes(ids, Id[Any], name)
        return TableModels(
            name,
            id_class,
            _classes(table, Document, name),
            _classes(table, New[Any], name),
            _classes(table, Patch[Any], name),
        )


def _classes(module: ModuleType, base: type[C], table: str) -> tuple[type[C], ...]:
    return tuple(
        cls
        for cls in vars(module).values()
        if isinstance(cls, type)
        and issubclass(cls, base)
        and getattr(cls, "__table__", None) == table
    )
