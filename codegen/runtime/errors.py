"""What can go wrong with a database: one tree, whose root is `DatabaseError`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class DatabaseError(Exception):
    """The base of all: `except DatabaseError` catches whatever an engine refuses or meets."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Without it only errors of one argument can be sent to another process.
        return _rebuilt, (type(self), self.args), self.__dict__


def _rebuilt(kind: type[DatabaseError], args: tuple[object, ...]) -> DatabaseError:
    return kind.__new__(kind, *args)


class NotFound(DatabaseError):
    """A document to change or delete does not exist (Convex: `NonexistentDocument`)."""

    def __init__(self, table: str, id: str) -> None:
        super().__init__(f"there is no document {id!s} in table `{table}`")
        self.table = table
        self.id = id


class NotUnique(DatabaseError):
    """`unique()` met several documents; `ids` are the first two."""

    def __init__(self, table: str, index: str, ids: Sequence[str]) -> None:
        shown = ", ".join(map(str.__str__, ids))
        super().__init__(
            f"unique() on index `{index}` of table `{table}` met several documents:"
            f" {shown}, …"
        )
        self.table = table
        self.index = index
        self.ids = tuple(ids)


class InvalidId(DatabaseError):
    """A text is not the id of a document of this table."""

    def __init__(self, table: str, id: str, reason: str) -> None:
        super().__init__(f"{str(id)!r} is not an id of table `{table}`: {reason}")
        self.table = table
        self.id = id


class InvalidQuery(DatabaseError):
    """A query does not fit its index, or the index can't be used now."""


class TooManyResults(DatabaseError):
    """A search read more documents than `limit` (Convex: so many are read of a search).

    Take fewer of them, or filter by the fields of the index.
    """

    def __init__(self, table: str, index: str, limit: int) -> None:
        super().__init__(
            f"search index `{index}` of table `{table}` found more than {limit}"
            " documents: take fewer of them, or search for more exact words"
        )
        self.table = table
        self.index = index
        self.limit = limit


class InvalidCursor(DatabaseError):
    """A cursor is not one of this query's; start again from the first page."""


class ValidationFailed(DatabaseError):
    """A document does not fit the schema; `path` leads to the place, as in `.a[0].b`."""

    def __init__(self, table: str, path: str, reason: str) -> None:
        place = f" at {path}" if path else ""
        super().__init__(f"the document does not fit table `{table}`{place}: {reason}")
        self.table = table
        self.path = path
        self.reason = reason


class InvalidResult(DatabaseError):
    """What a function gave is not what it says that it returns; `path` leads to the place."""

    def __init__(self, function: str, path: str, reason: str) -> None:
        place = f" at {path}" if path else ""
        super().__init__(f"the result of `{function}` does not fit{place}: {reason}")
        self.function = function
        self.path = path
        self.reason = reason


class LimitExceeded(ValidationFailed):
    """A document is larger, deeper or longer than Convex allows."""


class UniqueViolation(DatabaseError):
    """A unique index has these values already, in the document `id`."""

    def __init__(self, table: str, index: str, id: str) -> None:
        super().__init__(
            f"unique index `{index}` of table `{table}`: document {id!s} has these"
            " values already"
        )
        self.table = table
        self.index = index
        self.id = id


class Conflict(DatabaseError):
    """Others kept the database busy for too long, or were in the way; nothing was written."""


class StorageFailed(DatabaseError):
    """The storage under the database failed, as a full disk does; nothing was written.

    Unless it says so: a server may be lost just when a transaction ends.
    """


class Closed(DatabaseError):
    """The database was closed."""


class SchemaMismatch(DatabaseError):
    """Stored documents do not fit the schema; nothing was changed.

    `ids` are those of the first ones, `count` is their number.
    """

    def __init__(
        self, table: str, reason: str, ids: Sequence[str], count: int | None = None
    ) -> None:
        self.table = table
        self.ids = tuple(ids)
        self.count = len(ids) if count is None else count
        noun = "document" if self.count == 1 else "documents"
        verb = "does" if self.count == 1 else "do"
        more = ", …" if self.count > len(self.ids) else ""
        shown = ", ".join(map(str.__str__, self.ids))
        super().__init__(
            f"{self.count} stored {noun} of table `{table}` {verb} not fit the schema:"
            f" {shown}{more}\nthe first: {reason}"
        )


class SchemaChanged(DatabaseError):
    """Another program has applied another schema: reconnect, with a package made from it.

    Or it has dropped a table, which is a `CorruptDatabase` when connecting.
    """


class UnusableDatabase(DatabaseError):
    """A file or server can't serve as a database of this package; it was left as it is."""


class ForeignDatabase(UnusableDatabase):
    """Not a database, or one that another program made."""


class CorruptDatabase(UnusableDatabase):
    """The database is damaged, or lacks a table that it had: restore a backup."""


class ReadOnlyDatabase(UnusableDatabase):
    """The database can be read and not written."""


class NewerSchema(UnusableDatabase):
    """The database has a schema, or a format, that is newer than this package."""
