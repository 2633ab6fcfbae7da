"""Every kind of database, each empty and of one package."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from codegen.ir.types import JsonValue
from codegen.runtime.errors import DatabaseError
from tests.cases.cases import codegen
from tests.engines.any_ids import new_file_of_any_ids
from tests.engines.behind import behind
from tests.engines.oracle.ours import Ours
from tests.engines.oracle.steps import Answer
from tests.engines.packages import imported
from tests.engines.safety.files import url_of
from tests.engines.sound import documents_if_sound
from tests.postgres import new_schema

_ORACLE = Path(__file__).parent.parent / "oracle" / "schema.yaml"
_OWN = [Path(__file__).parent / name for name in ("accounts.yaml", "articles.yaml")]
_IN_MEMORY = "sqlite://"
_NAME = "run_everywhere"
_OPTIONS: dict[str, Any] = {"synchronous": "normal", "timeout_ms": 5000}


def everywhere_package(folder: Path) -> ModuleType:
    """The package of all tables, generated in a folder."""
    schema = folder / "schema"
    schema.mkdir()
    for file in (_ORACLE, *_OWN):
        (schema / file.name).write_bytes(file.read_bytes())
    code, _, errors = codegen(
        ["generate", "--schema", "schema", "--output", _NAME], folder
    )
    assert code == 0, errors
    return imported(folder, _NAME)


class Side(Ours):
    """A database of one kind, and the transactions that are open in it."""

    def __init__(self, package: ModuleType, url: str, *, tasks: bool) -> None:
        """`tasks` has it be opened for `async` code."""
        open_it = partial(
            self._behind if tasks else package.server.connect, url, **_OPTIONS
        )
        self._url = url
        self.lasts = url != _IN_MEMORY
        self._within: list[AbstractContextManager[Any]] = []
        self._count = 0
        super().__init__(package, open_it)

    def _behind(self, url: str, **options: Any) -> AbstractContextManager[Any]:
        return behind(self.package, url, **options)

    def begin(self) -> None:
        """Begins a transaction, or one inside that which is open."""
        transaction = self.db.transaction()
        transaction.__enter__()
        self._within.append(transaction)

    def end(self, *, kept: bool) -> None:
        """Ends the innermost transaction."""
        transaction = self._within.pop()
        if kept:
            transaction.__exit__(None, None, None)
            return
        failure = _Undone()
        try:
            transaction.__exit__(_Undone, failure, None)
        except _Undone as raised:
            assert raised is failure

    def close(self) -> None:
        """Whatever is open is undone."""
        while self._within:
            self.end(kept=False)
        super().close()

    def insert_new(self, *news: Any) -> None:
        """Inserts documents that others have no names for, one by one or at once."""
        first, *more = news
        for id in self.db.insert_many(news) if more else [self.db.insert(first)]:
            self._count += 1
            self.is_named(f"new {self._count}", id)

    def answered(self, call: Callable[[], JsonValue]) -> Answer:
        try:
            return super().answered(call)
        except (DatabaseError, TypeError, ValueError, OwnMistake) as error:
            return Answer(refused="wrong", error=self.said(error))

    def check(self) -> int:
        """Asserts that what lasts is sound; the number of documents."""
        return documents_if_sound(self._url)


class OwnMistake(Exception):
    """What a program itself raises."""


class _Undone(Exception):
    pass


@contextmanager
def all_places(package: ModuleType, server: str) -> Generator[dict[str, Side]]:
    """New databases of each kind, on a server that is there for PostgreSQL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides: dict[str, Side] = {}
        for tasks in (False, True):
            file, any_ids = url_of(folder / f"{tasks}.db"), url_of(
                folder / f"{tasks} any.db"
            )
            new_file_of_any_ids(any_ids, package)
            for name, url in (
                ("memory", _IN_MEMORY),
                ("file", file),
                ("any ids", any_ids),
                ("postgres", new_schema(server)),
            ):
                side = Side(package, url, tasks=tasks)
                stack.callback(side.close)
                sides[f"async {name}" if tasks else name] = side
        yield sides
