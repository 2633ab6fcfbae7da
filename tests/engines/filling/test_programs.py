"""Random programs, which write while search and vector indexes are filled."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import REMOVE, SchemaChanged
from tests.cases.cases import codegen
from tests.engines.filling.bringing import (
    Interrupted,
    bring_by,
    check_entries,
    check_sound,
)
from tests.engines.filling.conftest import Make
from tests.engines.filling.notes import NEW, STAGED, check_answers, note

STEPS = 40
WORDS = ("text", "new", "changed", "7", "")


class Program:
    """Writes at random, by a database that was opened before all indexes were filled."""

    def __init__(
        self, made: ModuleType, url: str, folder: Path, random: Random
    ) -> None:
        self._made: Any = made
        self._url = url
        self._folder = folder
        self._random = random
        self._count = 0
        self._stack = ExitStack()
        self._connect()

    def _connect(self) -> None:
        self._stack.close()
        self._db: Any = self._stack.enter_context(self._made.server.connect(self._url))

    def close(self) -> None:
        self._stack.close()

    def step(self) -> None:
        """Does something; other programs may have laid the tables out anew before."""
        work = self._random.choice(
            [*[self._write] * 6, self._transaction, self._migrate, self._import]
        )
        try:
            work()
        except SchemaChanged:
            self._connect()
            work()

    def _write(self) -> None:
        made, db, random = self._made, self._db, self._random
        notes = db.run(made.notes.full_scan())
        one = random.choice(notes) if notes else None
        match random.randrange(7) if one else 0:
            case 0:
                db.insert(self._note())
            case 1:
                db.insert_many([self._note() for _ in range(random.randrange(1, 9))])
            case 2:
                db.patch(one.id, made.NotePatch(text=self._text()))
            case 3:
                vector = random.choice([[1.0, 3.0], [1.0], REMOVE])
                db.patch(one.id, made.NotePatch(vector=vector))
            case 4:
                kind = random.choice(["odd", "even", "other"])
                db.patch(one.id, made.NotePatch(kind=kind, rank=-1))
            case 5:
                db.replace(one.id, self._note())
            case _:
                db.delete(one.id)

    def _transaction(self) -> None:
        commits = self._random.random() < 0.6
        try:
            with self._db.transaction():
                for _ in range(3):
                    self._write()
                if not commits:
                    raise Interrupted
        except Interrupted:
            pass

    def _migrate(self) -> None:
        """Another program, which changes all documents that have a letter."""
        self._count += 1
        file = self._folder / f"m{self._count}.py"
        letter = self._random.choice("012345678")
        file.write_text(
            "from codegen.migrations import DELETE, upgrade\n"
            "@upgrade('notes')\n"
            "def change(note):\n"
            f"    if note['text'].endswith('{letter}'):\n"
            "        return DELETE if note['rank'] < 0 else {**note, 'text': note['text'] + ' 7'}\n"
            "    return note\n"
        )
        argv = ["migrate", file.name, "--db", self._url, "--batch", "7"]
        code, _, errors = codegen(argv, self._folder)
        assert code == 0, errors

    def _import(self) -> None:
        """Documents of another database, created between ours."""
        notes = self._db.run(self._made.notes.full_scan())
        times = [one.creation_time for one in notes]
        lines = [
            {"text": self._text(), "kind": "odd", "rank": 1, "vector": [2.0, 1.0]}
            | {"_creationTime": self._random.uniform(times[0], times[-1])}
            for _ in range(3 if times else 0)
        ]
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        (self._folder / "notes.jsonl").write_text(text)
        argv = ["import-data", "notes.jsonl", "--db", self._url, "--mode", "append"]
        code, _, errors = codegen(argv, self._folder)
        assert code == 0, errors

    def _note(self) -> Any:
        number = self._random.randrange(100)
        return note(self._made, number, text=self._text())

    def _text(self) -> str:
        words = self._random.choices(WORDS, k=self._random.randrange(5))
        return " ".join([*words, str(self._random.randrange(10))])


SEEDS = [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 15))]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_program(
    old: ModuleType, make: Make, place: str, fresh: str, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    staged = make(STAGED, "filling_staged")
    program = Program(staged, place, tmp_path, random)
    for _ in range(STEPS):
        if random.random() < 0.15:
            bring_by(random.randrange(1, 3), place, staged)
        else:
            program.step()
        check_entries(place)
    program.close()
    check_answers(make(NEW, "filling_new"), place, fresh)
    check_sound(place)
