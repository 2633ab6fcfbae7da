"""The documents of a Convex deployment, read at one moment where it lets us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from codegen.convex.administration import Administrator
from codegen.convex.errors import AuthError, ServerFailed, UnexpectedAnswer
from codegen.convex.named import Admitted
from codegen.convex.snapshots import NOT_ENABLED, SnapshotPage, snapshot_page
from codegen.ir.model import Schema
from codegen.ir.types import JsonValue

from .forms import JsonObject, encoded_text, read_encoded
from .sources import Documents

_TABLE_DATA: Final = "_system/cli/tableData"
# A page ends before, where its documents are large.
_PORTION: Final = 1_000.0


class DeploymentSource:
    """A deployment, as an administrator reads it without functions of ours.

    The moment is kept by the server's streaming export. Where a plan has none, pages are read as
    of one moment for as long as the server keeps it, some minutes, and then as of a later one,
    which `notes` say.
    """

    def __init__(self, deployment: Admitted, schema: Schema) -> None:
        """`schema` is the one that its documents have."""
        self.schema = schema
        self._deployment = deployment
        told = Administrator(deployment.conversation, deployment.connection).tables()
        names = {name: number for number, name in told.items()}
        self.numbers: Mapping[str, int] = {
            table: names.get(table, 0) for table in sorted(schema.tables)
        }
        left_out = sorted(
            name for name in set(names) - set(schema.tables) if name[0] != "_"
        )
        self.notes: list[str] = [
            f"table `{table}` is left out: the schema of {deployment.origin} has it not"
            for table in left_out
        ]
        self._snapshot: int | None = None
        self._moment: str | None = None
        self._streams = True
        self.moments = 1

    def documents(self, table: str) -> Documents:
        lines = (text.encode() for text in self.texts(table))
        return Documents(f"{self._deployment.origin}, {table}", lines, read_encoded)

    def texts(self, table: str) -> Iterator[str]:
        """The texts of a table's documents."""
        for documents in self._pages(table):
            yield from map(encoded_text, documents)

    def _pages(self, table: str) -> Iterator[Sequence[JsonObject]]:
        cursor: str | None = None
        while self._streams:
            try:
                page = self._snapshot_page(table, cursor)
            except AuthError as error:
                if error.code != NOT_ENABLED or self._snapshot is not None:
                    raise
                self._streams = False
                break
            self._snapshot = page.snapshot
            yield page.documents
            if page.cursor is None:
                return
            cursor = page.cursor
        yield from self._pages_of_queries(table)

    def _snapshot_page(self, table: str, cursor: str | None) -> SnapshotPage:
        conversation, connection = self._deployment
        asking = snapshot_page(conversation, table, self._snapshot, cursor)
        return connection.perform(asking)

    def _pages_of_queries(self, table: str) -> Iterator[Sequence[JsonObject]]:
        if self._moment is None:
            self._moment = self._now()
        cursor: str | None = None
        while True:
            try:
                page = self._page(table, cursor)
            except ServerFailed:
                # It says no more than this of a moment that it no longer has.
                self._moment = self._now()
                page = self._page(table, cursor)
                self.moments += 1
            yield page["page"]
            if page["isDone"]:
                return
            cursor = page["continueCursor"]

    def _page(self, table: str, cursor: str | None) -> dict[str, Any]:
        conversation, connection = self._deployment
        options: JsonValue = {"numItems": _PORTION, "cursor": cursor}
        asked: JsonValue = {"table": table, "order": "asc", "paginationOpts": options}
        asking = conversation.function("query", _TABLE_DATA, asked, self._moment)
        page = connection.perform(asking)
        match page:
            case {"page": list(), "isDone": bool(), "continueCursor": str()}:
                return cast("dict[str, Any]", page)
            case _:
                raise UnexpectedAnswer(
                    f"{conversation.origin}: `{_TABLE_DATA}` gives no page of documents"
                )

    def _now(self) -> str:
        conversation, connection = self._deployment
        return connection.perform(conversation.moment())
