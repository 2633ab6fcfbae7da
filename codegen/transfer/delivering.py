"""Copies documents into a deployment, which gives them other ids: references follow them.

A document may refer to one that has no new id yet. Until it has, an id of the right table stands
there that leads nowhere; Convex checks the table of an id, and not that there is a document.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic_core import from_json

from codegen.engines.access import applied_schema
from codegen.engines.bare import BareDatabase
from codegen.engines.commands import Fetch, Found
from codegen.engines.field_keys import SYSTEM_FIELDS
from codegen.engines.ids import decode, encode
from codegen.ir.types import JsonValue

from .databases import PORTION, only, portion
from .deployment_target import DeploymentTarget, Moved
from .faults import TransferError
from .forms import JsonObject
from .journal import Done, Journal, NewId
from .loading import Progress
from .rewriting import Rewrite, Rewriting, Visit, look_like_ids
from .table_order import in_order

# In bytes of JSON. A mutation takes 16 MiB by the server's measure, by which `[0.0]` is longer.
_BATCH: Final = 4 << 20


class _Outgoing(NamedTuple):
    """A document on its way: the id that it had, and whether to mend its references later."""

    old: str
    fields: JsonObject
    mend: bool


class Delivery:
    """Brings the documents of a file into a deployment, and goes on where it was interrupted."""

    def __init__(
        self,
        staged: BareDatabase,
        target: DeploymentTarget,
        journal: Journal,
        progress: Progress,
    ) -> None:
        """`staged` is in a transaction, and does not change until all is delivered."""
        self._staged = staged
        self._target = target
        self._journal = journal
        self._progress = progress
        self._schema = applied_schema(staged.catalog).schema
        self._layouts = staged.catalog.layouts()
        self._run = staged.runner(self._layouts)
        self._names = {layout.number: name for name, layout in self._layouts.items()}
        rewriting = Rewriting(self._schema, self._names)
        self._rewrites: Mapping[str, Rewrite | None] = {
            name: rewriting.of(table.document)
            for name, table in self._schema.tables.items()
        }

    def deliver(self, tables: Sequence[str]) -> dict[str, Done]:
        """Stores the documents of all these tables; the answer is what was done of each.

        Raises a `TransferError` where others have written into one of them.
        """
        for table in in_order(self._schema, tables):
            self._insert(table)
        for table in tables:
            self._mend(table)
        return {table: self._journal.done(table)[0] for table in tables}

    def _insert(self, table: str) -> None:
        done, place = self._journal.done(table)
        while rows := _as_many_as_fit(portion(self._run, table, place, PORTION)):
            batch, counted = self._batch(table, [from_json(text) for text, _ in rows])
            new = self._loaded(table, done.last, [one.fields for one in batch])
            ids = [
                NewId(one.old, id, one.mend) for one, id in zip(batch, new, strict=True)
            ]
            done, place = done.plus(counted, last=new[-1]), rows[-1][1]
            self._journal.add(table, done, place, ids)
            self._progress(table, done.documents)

    def _batch(
        self, table: str, documents: Sequence[JsonObject]
    ) -> tuple[list[_Outgoing], Done]:
        """Documents with the references that they can have by now, and what there is in them."""
        rewrite = self._rewrites[table]
        visited = [_ids_in(document, rewrite) for document in documents]
        ids = {id for found in visited for id in found}
        known = self._journal.new_ids(ids)
        coming = self._coming(ids - {*known})
        standing = self._standing(known)
        batch = [
            _Outgoing(
                str(document["_id"]),
                _rewritten(_fields(document), rewrite, standing),
                any(id in coming for id in found),
            )
            for document, found in zip(documents, visited, strict=True)
        ]
        all_ids = [id for found in visited for id in found]
        dangling = sum(id not in known and id not in coming for id in all_ids)
        texts = sum(self._texts(_fields(document)) for document in documents)
        counted = Done(
            documents=len(batch),
            references=len(all_ids) - dangling,
            dangling=dangling,
            texts=texts - sum(self._texts(id) for id in all_ids),
        )
        return batch, counted

    def _loaded(
        self, table: str, last: str | None, batch: Sequence[JsonObject]
    ) -> list[str]:
        """The new ids of a batch, which may have arrived before."""
        try:
            return self._target.load(table, last, batch)
        except Moved:
            found = self._target.after(table, last, len(batch) + 1)
        if [_fields(document) for document in found] != batch:
            raise TransferError(
                f"table `{table}` of {self._target.origin} has documents that are not of this"
                " copy: nobody else may write there meanwhile"
            )
        return [str(document["_id"]) for document in found]

    def _mend(self, table: str) -> None:
        """Puts the right references where those stood that lead nowhere."""
        rewrite = self._rewrites[table]
        mended = 0
        while pairs := self._journal.to_mend(table, PORTION):
            rows: list[Found] = [
                (self._run(only(Fetch(table, old))), b"") for old, _ in pairs
            ]
            documents = [_fields(from_json(text)) for text, _ in _as_many_as_fit(rows)]
            ids = {id for document in documents for id in _ids_in(document, rewrite)}
            standing = self._standing(self._journal.new_ids(ids))
            changes: dict[str, JsonObject] = {}
            for document, (_, new) in zip(documents, pairs, strict=False):
                right = _rewritten(document, rewrite, standing)
                changes[new] = {
                    name: value
                    for name, value in right.items()
                    if value != document[name]
                }
            self._target.patch(table, changes)
            self._journal.mended([old for old, _ in pairs[: len(documents)]])
            mended += len(documents)
            self._progress(f"{table}, references", mended)

    def _coming(self, ids: Collection[str]) -> set[str]:
        """Those of the ids whose documents are copied later."""
        by_table: dict[str, list[str]] = {}
        for id in ids:
            table = self._names.get(decode(id)[0])
            if table is not None:
                by_table.setdefault(table, []).append(id)
        found: set[str] = set()
        for table, some in by_table.items():
            for start in range(0, len(some), PORTION):
                part = some[start : start + PORTION]
                found |= self._staged.stored(self._layouts[table], part)
        return found

    def _standing(self, known: Mapping[str, str]) -> Visit:
        """What gives new ids, and for others one of the same table that leads nowhere."""

        def stand(id: str) -> str:
            if id in known:
                return known[id]
            number, own = decode(id)
            target = self._target.numbers.get(self._names.get(number, ""))
            return id if target is None else encode(target, own)

        return stand

    def _texts(self, value: JsonValue) -> int:
        """How many texts in it look like ids."""
        return sum(1 for _ in look_like_ids(value, self._names))


def _fields(document: JsonObject) -> JsonObject:
    return {n: value for n, value in document.items() if n not in SYSTEM_FIELDS}


def _ids_in(document: JsonObject, rewrite: Rewrite | None) -> list[str]:
    """The ids of a document that its type knows."""
    found: list[str] = []

    def visit(id: str) -> str:
        found.append(id)
        return id

    _rewritten(_fields(document), rewrite, visit)
    return found


def _rewritten(fields: JsonObject, rewrite: Rewrite | None, visit: Visit) -> JsonObject:
    return rewrite(fields, visit) if rewrite else fields


def _as_many_as_fit(rows: list[Found]) -> list[Found]:
    """The first documents that one mutation takes."""
    size = 0
    for at, (text, _) in enumerate(rows):
        size += len(text.encode())
        if at and size > _BATCH:
            return rows[:at]
    return rows
