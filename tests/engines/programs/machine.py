"""Random programs that run on every kind of database, step by step, and have the same answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pprint import pformat
from random import Random
from types import ModuleType
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from codegen.engines.package import Package
from codegen.ir.model import Schema
from codegen.ir.types import JsonValue
from codegen.runtime import gt, lt
from tests.engines.oracle.steps import Answer, Step
from tests.engines.oracle.story import Story, flat
from tests.engines.programs.places import Side, all_places
from tests.engines.programs.wrong import WRONG
from tests.ir.strategies import same_json

_DEEPEST: Final = 3
_ALONE: Final = ("things", "shapes", "notes", "orders")
"""Tables whose new documents do not refer to one another."""
_OWN: Final = ("accounts", "articles")

_seeds = st.integers(0, 2**32)
_numbers = st.sampled_from([None, 0.0, -0.0, 1, 1.0, float("nan")])
_texts = st.sampled_from(["", "a", "A", "a\0", "x" * 2100, "x" * 2101]) | st.none()
_nonsense = st.sampled_from(
    ["", "x", "\0", "\ud800", "by_text", "0" * 32, "z" * 37, "x" * 3000]
) | st.text(max_size=40)


class Programs(RuleBasedStateMachine):
    """What a program does next; the databases are new ones for each program."""

    def __init__(self, package: ModuleType, server: str) -> None:
        """`server` is the URL of a PostgreSQL server that runs."""
        super().__init__()
        self._stack = ExitStack()
        self._sides = self._stack.enter_context(all_places(package, server))
        self._random = Random(0)
        self._story = Story(_without_own(package), self._random)
        self._undo: list[Callable[[], None]] = []

    @initialize()
    def begin_with_people(self) -> None:
        self._run(self._story.inserts("people", 2))

    @rule(seed=_seeds)
    def transaction(self, seed: int) -> None:
        self._random.seed(seed)
        steps, fails = self._story.transaction()
        self._run(steps, fails=fails)

    @rule(seed=_seeds)
    def read(self, seed: int) -> None:
        self._random.seed(seed)
        self._run(self._story.reads(4))

    @rule(seed=_seeds, table=st.sampled_from(_ALONE))
    def attempt(self, seed: int, table: str) -> None:
        """Writes, of which few fit."""
        self._random.seed(seed)
        for step in self._story.attempts(table, 4):
            self._run([step])

    @rule(
        seed=_seeds,
        table=st.sampled_from(_ALONE),
        count=st.sampled_from([1, 2, 7, 101]),
    )
    def insert_many(self, seed: int, table: str, count: int) -> None:
        self._random.seed(seed)
        parts = self._story.inserts(table, count)
        self._same(lambda side: side.insert_many(parts))

    @rule(email=_texts, place=_texts, number=_numbers)
    def account(self, email: str | None, place: str | None, number: Any) -> None:
        """A document that must be the only one of its kind."""
        fields = {"email": email, "place": place, "number": number}
        given = {key: value for key, value in fields.items() if value is not None}
        self._same(lambda side: side.insert_new(side.package.AccountNew(**given)))

    @rule(
        number=st.integers(0, 20),
        name=st.sampled_from(["email", "place"]),
        value=_texts,
    )
    def change_account(self, number: int, name: str, value: str | None) -> None:
        def change(side: Side) -> None:
            found = side.db.run(side.package.accounts.full_scan())
            if number < len(found):
                id = found[number].id
                given = {} if value is None else {name: value}
                side.db.patch(id, side.package.AccountPatch(**given))

        self._same(change)

    @rule(
        above=_texts,
        count=st.integers(1, 5),
        direction=st.sampled_from(["asc", "desc"]),
    )
    def read_accounts(self, above: str | None, count: int, direction: Any) -> None:
        """Those after an e-mail address, or before it, page by page."""

        def read(side: Side) -> Any:
            accounts = side.package.accounts
            range_ = gt(above) if direction == "asc" else lt(above)
            query = accounts.by_email(range_).order(direction)
            found = [*side.db.run(page := query.paginate(count)).items]
            while (cursor := side.db.run(page).cursor) is not None:
                page = query.paginate(count, cursor)
                found += side.db.run(page).items
            return side.shown(found)

        self._same(read)

    @rule(what=st.sampled_from([*WRONG]), text=_nonsense)
    def do_wrong(self, what: str, text: str) -> None:
        self._same(lambda side: WRONG[what](side, "people 1", text), what, text)

    @precondition(lambda self: len(self._undo) < _DEEPEST)
    @rule()
    def begin(self) -> None:
        for side in self._sides.values():
            side.begin()
        self._undo.append(self._mark())

    @precondition(lambda self: bool(self._undo))
    @rule(kept=st.booleans())
    def end(self, kept: bool) -> None:
        for side in self._sides.values():
            side.end(kept=kept)
        undo = self._undo.pop()
        if not kept:
            undo()
        self._look()

    @precondition(lambda self: not self._undo)
    @rule()
    def reopen(self) -> None:
        for side in self._sides.values():
            if side.lasts:
                side.reopen()

    def teardown(self) -> None:
        try:
            while self._undo:
                self.end(kept=True)
            self._look()
            checked = {side.check() for side in self._sides.values() if side.lasts}
            assert len(checked) == 1
        finally:
            self._stack.close()

    def _look(self) -> None:
        """All documents of all tables."""
        self._run(self._story.everything())
        for table in _OWN:
            self._same(partial(_all_of, table))

    def _mark(self) -> Callable[[], None]:
        """What has to be called when all that comes from now on is undone."""
        return self._story.mark()

    def _run(self, steps: Sequence[Step], *, fails: bool = False) -> None:
        answers = {
            name: side.run(steps, fails=fails) for name, side in self._sides.items()
        }
        first, *_ = answers.values()
        self._story.told(steps, first)
        for number, step in enumerate(flat(steps)):
            _compare({name: given[number] for name, given in answers.items()}, step)

    def _same(self, call: Callable[[Side], Any], *about: object) -> None:
        """Has all sides do something."""
        answers = {
            name: side.answered(lambda side=side: call(side))
            for name, side in self._sides.items()
        }
        _compare(answers, about)


def _all_of(table: str, side: Side) -> JsonValue:
    return side.shown(side.db.run(getattr(side.package, table).full_scan()))


def _without_own(package: ModuleType) -> Schema:
    """The schema of the tables that the oracle knows."""
    schema = Package(package.__name__, package.server.schema).schema
    tables = {n: table for n, table in schema.tables.items() if n not in _OWN}
    return replace(schema, tables=tables)


def _compare(answers: dict[str, Answer], about: object) -> None:
    first, *others = answers.values()
    for other in others:
        same = (first.refused, first.error) == (other.refused, other.error)
        assert same and same_json(
            first.value, other.value
        ), f"{pformat(about)}\nis answered\n{pformat(answers)}"
