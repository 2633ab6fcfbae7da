"""A Convex deployment that documents are copied into, by the functions of `convex/tablewright.ts`.

The server gives ids and creation times. Each batch names the document that has to be the newest
of its table, and the server looks: so a batch that was sent twice is stored once, and who writes
beside is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any, Final, TypeVar, cast

from codegen.convex.administration import Administrator
from codegen.convex.errors import (
    FunctionError,
    FunctionNotFound,
    RateLimited,
    ServerFailed,
    UnexpectedAnswer,
    Unreachable,
    Unsupported,
)
from codegen.convex.named import Admitted
from codegen.engines.convex.questions import MODULE
from codegen.ir.types import JsonValue

from .forms import JsonObject

R = TypeVar("R")

_VERSION: Final = 2
_HELP: Final = (
    "write the functions that store documents with `codegen export --to convex-helper >"
    " convex/tablewright.ts`, and deploy them"
)
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0
_PASSING: Final = (Unreachable, ServerFailed, RateLimited, UnexpectedAnswer)


class Moved(Exception):
    """The newest document of a table is another than a batch expects."""


class DeploymentTarget:
    """The deployment, with the functions that store documents."""

    def __init__(self, deployment: Admitted) -> None:
        """Raises an `Unsupported` where it does not have the functions."""
        self._deployment = deployment
        version = self._asked("query", "version", {})
        if not isinstance(version, float | int) or version < _VERSION:
            raise Unsupported(f"the deployment has older functions: {_HELP}")
        told = Administrator(deployment.conversation, deployment.connection).tables()
        self.numbers: Mapping[str, int] = {
            name: number for number, name in told.items()
        }

    @property
    def origin(self) -> str:
        return self._deployment.origin

    def is_empty(self, table: str) -> bool:
        """Whether a table has no documents."""
        return not self._newest(table, None, 1, "desc")

    def load(
        self, table: str, after: str | None, documents: Sequence[JsonObject]
    ) -> list[str]:
        """Stores documents, all or none, after the newest that there is; gives their ids.

        Raises `Moved` where another document is the newest.
        """
        given: JsonObject = {"table": table, "after": after, "documents": [*documents]}
        ids = self._asked("mutation", "load", given)
        return cast("list[str]", ids)

    def after(self, table: str, id: str | None, limit: int) -> list[JsonObject]:
        """The documents that were created after one, or all, in that order."""
        found: JsonValue = None
        if id is not None:
            found = self._asked("query", "get", {"table": table, "id": id})
        created = found["_creationTime"] if isinstance(found, dict) else None
        return self._newest(table, created, limit, "asc")

    def patch(self, table: str, changes: Mapping[str, JsonObject]) -> None:
        """Changes fields of documents, by their ids; all or none."""
        made: list[JsonValue] = [
            {
                "op": "patch",
                "table": table,
                "id": id,
                "fields": fields,
                "removed": [],
                "unique": [],
            }
            for id, fields in changes.items()
        ]
        self._asked("mutation", "write", {"changes": made})

    def _newest(
        self, table: str, created: JsonValue, limit: int, order: str
    ) -> list[JsonObject]:
        bound: JsonValue = {"op": "gt", "field": "_creationTime", "value": created}
        asked: JsonObject = {
            "table": table,
            "index": "by_creation_time",
            "bounds": [] if created is None else [bound],
            "order": order,
            "limit": float(limit),
        }
        return cast("list[JsonObject]", self._asked("query", "query", asked))

    def _asked(self, kind: Any, name: str, arguments: JsonObject) -> JsonValue:
        conversation, connection = self._deployment
        function = f"{MODULE}:{name}"

        def ask() -> JsonValue:
            return connection.perform(conversation.function(kind, function, arguments))

        with _typed():
            return _patiently(ask, conversation.options.timeout_ms)


def _patiently(ask: Callable[[], R], timeout_ms: float) -> R:
    """What is answered at last, where a connection or a server fails for a while.

    Whatever is asked here can be asked twice.
    """
    ends = monotonic() + timeout_ms / 1000
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return ask()
        except _PASSING:
            if monotonic() + pause_s > ends:
                raise
        sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


@contextmanager
def _typed() -> Generator[None]:
    try:
        yield
    except FunctionNotFound as error:
        raise Unsupported(
            f"the deployment has no functions for documents: {_HELP}"
        ) from error
    except FunctionError as error:
        match error.wire_data:
            case {"tablewright": "Moved"}:
                raise Moved from error
            case _:
                raise
