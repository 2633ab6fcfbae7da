"""Inserts a document after those that its ids refer to: in plain code, and in `async` code."""

from __future__ import annotations

from typing import Final

from codegen.runtime.database import AsyncDb, Db
from codegen.runtime.documents import I
from codegen.runtime.errors import UniqueViolation

from .drafts import Drafts, Wanted

_TRIES: Final = 20
"""How often a document is drawn because a unique index has its values."""


class Insertion:
    """One document, and all that it needs."""

    def __init__(self, db: Db, drafts: Drafts) -> None:
        self._db = db
        self._drafts = drafts

    def insert(self, wanted: Wanted[I]) -> I:
        """The id of the document; see `Factory.insert`."""
        tries = 0
        while True:
            tries += 1
            draft = self._drafts.draft(wanted)
            try:
                with self._db.transaction():
                    for unused, needed in draft.needed.items():
                        with draft.saying_why(unused):
                            draft.refer(unused, self.insert(needed))
                    return self._db.insert(draft.document())
            except UniqueViolation:
                if tries == _TRIES:
                    raise


class AsyncInsertion:
    """One document, and all that it needs, with a database for `async` code."""

    def __init__(self, db: AsyncDb, drafts: Drafts) -> None:
        self._db = db
        self._drafts = drafts

    async def insert(self, wanted: Wanted[I]) -> I:
        """The id of the document; see `Factory.async_insert`."""
        tries = 0
        while True:
            tries += 1
            draft = self._drafts.draft(wanted)
            try:
                async with self._db.transaction():
                    for unused, needed in draft.needed.items():
                        with draft.saying_why(unused):
                            draft.refer(unused, await self.insert(needed))
                    return await self._db.insert(draft.document())
            except UniqueViolation:
                if tries == _TRIES:
                    raise
