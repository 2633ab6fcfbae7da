"""Makes valid random documents."""

from __future__ import annotations

from inspect import iscoroutinefunction
from random import Random
from types import ModuleType
from typing import Any, TypeVar

from codegen.runtime.database import AsyncDb, Db
from codegen.runtime.documents import I, New, TableModel

from .drafts import Drafts
from .drawing import Drawing
from .insertion import AsyncInsertion, Insertion
from .kinds import kinds_of
from .making import Maker
from .unused_ids import FIRST_TIME, UnusedIds

M = TypeVar("M", bound=TableModel)


class Factory:
    """Makes valid random documents of a generated package.

    `make = Factory(generated)`, then `make(TaskNew)` or, with fields of your own,
    `make(TaskNew, title="x")`. The same seed and the same calls give the same documents; what
    one call draws has no influence on the next.
    """

    def __init__(self, package: ModuleType, *, seed: int | str = 0) -> None:
        """`package` is the generated package, as a module.

        Raises a TypeError when it is none.
        """
        self._kinds = kinds_of(package)
        self._seed = seed
        self._calls = 0

    def __call__(self, model: type[M], /, **fields: Any) -> M:
        """A document, or a new document, with these fields and others drawn at random.

        Ids have the right form, and lead nowhere: `insert` makes what they lead to.

        Raises:
            CannotMake: No value was found for a field: give it.
            TypeError: The class, or a field, is none of the package.
            pydantic.ValidationError: A given field does not fit.
        """
        kind = self._kinds.of_class(model)
        random = self._next_random()
        possibilities = self._kinds.possibilities
        id_of = UnusedIds(self._kinds.schema, random)
        maker = Maker(possibilities, Drawing(possibilities, random, id_of, None), None)
        if model is kind.document:
            system = {
                "id": self._kinds.id_class(kind.table)(id_of(kind.table)),
                "creation_time": FIRST_TIME + self._calls,
            }
            fields = system | fields
        return maker.make(model, kind, fields)

    def batch(self, model: type[M], size: int, /, **fields: Any) -> list[M]:
        """So many documents, each as a call makes one."""
        return [self(model, **fields) for _ in range(size)]

    def insert(self, db: Db, model: type[New[I]], /, **fields: Any) -> I:
        """Inserts a new document, after those that its ids refer to; its id.

        Each id that is not given is that of another new document, which has few ids itself.
        All of them are inserted, or none.

        Raises:
            CannotMake: No value was found for a field, or tables need each other: give it.
            TypeError: The class, or a field, is none of the package, or the database is for
                `async` code.
            pydantic.ValidationError: A given field does not fit.
            UniqueViolation: A unique index has the values of all that was tried.
        """
        if iscoroutinefunction(db.insert):
            raise TypeError(
                "insert is for databases of connect(): with async_connect(),"
                f" `await make.async_insert(db, {model.__name__}, …)`"
            )
        drafts = Drafts(self._kinds, self._next_random())
        return Insertion(db, drafts).insert(drafts.wanted(model, fields))

    async def async_insert(
        self, db: AsyncDb, model: type[New[I]], /, **fields: Any
    ) -> I:
        """`insert`, with a database for `async` code: see there.

        The same seed and the same calls insert the same documents with both.
        """
        if not iscoroutinefunction(db.insert):
            raise TypeError(
                "async_insert is for databases of async_connect(): with connect(),"
                f" `make.insert(db, {model.__name__}, …)`"
            )
        drafts = Drafts(self._kinds, self._next_random())
        return await AsyncInsertion(db, drafts).insert(drafts.wanted(model, fields))

    def _next_random(self) -> Random:
        self._calls += 1
        return Random(f"{self._seed} {self._calls}")
