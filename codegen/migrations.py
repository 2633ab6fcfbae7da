"""Changes of stored documents: functions of yours, which `codegen migrate` runs on all of a table.

```python
from codegen.migrations import upgrade


@upgrade("tasks")
def title(task):
    task["title"] = task.pop("name")
    return task
```
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any, Literal, NamedTuple, TypeAlias, cast

__all__ = ["DELETE", "Document", "Upgraded", "upgrade"]

Document: TypeAlias = dict[str, Any]
"""A stored document by the names of its fields in the schema, `_id` and `_creationTime` too.

Its values are those of a generated package's fields of type `Any`: a float64 is a `float`, an int64 an
`Int64`, which is an `int`. In what is returned, an `int` is an int64 where the schema has one at its
place, else a float64.
"""


class _Delete(Enum):
    DELETE = "delete"


DELETE = _Delete.DELETE
"""What a function returns for a document that is to be deleted."""

Upgraded: TypeAlias = Document | Literal[_Delete.DELETE] | None
"""The document as it is to be, `DELETE`, or None to leave it as it is."""

Function: TypeAlias = Callable[[Document], Upgraded]


class Upgrade(NamedTuple):
    """A function for the documents of a table."""

    table: str
    function: Function


_found: ContextVar[list[Upgrade] | None] = ContextVar("upgrades", default=None)


def upgrade(table: str) -> Callable[[Function], Function]:
    """Marks a function as what changes the documents of a table.

    It is called once for each document, and stays a plain function that can be tested. It should
    look at nothing but its document: where others are in the way it is called again.
    """
    if not isinstance(cast(object, table), str):
        raise TypeError('@upgrade needs the name of the table: @upgrade("users")')

    def mark(function: Function) -> Function:
        found = _found.get()
        if found is not None:
            found.append(Upgrade(table, function))
        return function

    return mark


@contextmanager
def collected() -> Generator[list[Upgrade]]:
    """The functions that are marked inside, in their order."""
    found: list[Upgrade] = []
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)
