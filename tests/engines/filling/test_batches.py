"""New search and vector indexes of tables with many documents: filled in batches, beside writers."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.engines.sql import backfill
from codegen.engines.sql.backfill import Filled
from codegen.runtime import InvalidQuery, SchemaChanged
from tests.cases.cases import codegen
from tests.engines.filling.bringing import (
    bring,
    bring_by,
    check_entries,
    check_sound,
    kill_after,
    unbuilt,
)
from tests.engines.filling.conftest import Make
from tests.engines.filling.notes import (
    BATCH,
    COUNT,
    NEW,
    OLD,
    STAGED,
    check_answers,
    fill_little_at_once,
    note,
)
from tests.engines.packages import imported
from tests.engines.safety.processes import Pipe, other


def test_an_interruption_in_the_middle(
    old: ModuleType, make: Make, place: str, tmp_path: Path
) -> None:
    new = make(NEW, "filling_new")
    assert not bring_by(2, place, new)
    assert unbuilt(place) == {"words", "near"}
    check_entries(place)
    code, out, _ = codegen(["doctor", "--db", place], tmp_path)
    assert code == 0
    assert "notes: 60 documents, 3 indexes (not built yet: near, words): sound" in out
    argv = ["apply", "--db", place, "--schema", "filling_new.yaml"]
    code, out, _ = codegen([*argv, "--dry-run"], tmp_path)
    assert code == 1
    for index in ("words", "near"):
        assert f"notes: index {index} would be built over 60 documents" in out
    seen: list[Filled] = []
    bring(place, new, seen.append)
    # What was done before is not done again.
    assert [filled.done for filled in seen] == [30, 40, 50, 60]
    assert {filled[:2] for filled in seen} == {("notes", ("near", "words"))}
    assert {filled.documents for filled in seen} == {COUNT}
    check_sound(place)
    assert codegen(argv, tmp_path)[1] == "Nothing to do: the database has this schema\n"


def test_a_batch_is_short(
    old: ModuleType, make: Make, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it takes long to enter documents, there are fewer in a batch."""
    monkeypatch.setattr(backfill, "_BATCH_S", 0)
    seen: list[Filled] = []
    bring(place, make(NEW, "filling_new"), seen.append)
    assert [filled.done for filled in seen] == [
        *range(BATCH // 2, COUNT + 1, BATCH // 2)
    ]


def kill_between(pipe: Pipe, folder: Path, url: str, batches: int) -> None:
    fill_little_at_once(pytest.MonkeyPatch())
    kill_after(pipe, folder, "filling_new", url, batches)


@pytest.mark.parametrize("batches", [1, 4, 6])
def test_a_kill_in_the_middle(
    old: ModuleType, make: Make, place: str, tmp_path: Path, fresh: str, batches: int
) -> None:
    new = make(NEW, "filling_new")
    with other(kill_between, tmp_path, place, batches) as killed:
        assert killed.hear() == BATCH * batches
        killed.process.join(30)
        assert killed.process.exitcode == -signal.SIGKILL
    check_entries(place)
    check_answers(new, place, fresh)
    check_sound(place)


def kill_inside(pipe: Pipe, folder: Path, url: str, portions: int) -> None:
    made = imported(folder, "filling_new")
    patch = pytest.MonkeyPatch()
    fill_little_at_once(patch)
    enter = backfill.enter

    def enter_some(*given: Any) -> None:
        nonlocal portions
        enter(*given)
        portions -= 1
        if not portions:
            os.kill(os.getpid(), signal.SIGKILL)

    patch.setattr(backfill, "enter", enter_some)
    bring(url, made, lambda _: None)


@pytest.mark.parametrize("portions", [1, 5, 8])
def test_a_kill_inside_a_batch(
    old: ModuleType, make: Make, place: str, tmp_path: Path, fresh: str, portions: int
) -> None:
    """Nothing of it is there, in the index or in the note of how far that is."""
    new = make(NEW, "filling_new")
    with other(kill_inside, tmp_path, place, portions) as killed:
        killed.process.join(60)
        assert killed.process.exitcode == -signal.SIGKILL
    check_entries(place)
    seen: list[Filled] = []
    bring(place, new, seen.append)
    # Two portions are a batch.
    assert seen[0].done == (portions - 1) // 2 * BATCH + BATCH
    check_answers(new, place, fresh)
    check_sound(place)


def connect(pipe: Pipe, folder: Path, url: str) -> None:
    made = imported(folder, "filling_new")
    fill_little_at_once(pytest.MonkeyPatch())
    pipe.send("ready")
    pipe.recv()
    with made.server.connect(url) as db:
        pipe.send(len(db.run(made.notes.words("text"))))


def test_two_that_start_at_once(
    old: ModuleType, make: Make, place: str, tmp_path: Path
) -> None:
    make(NEW, "filling_new")
    arguments = (tmp_path, place)
    with other(connect, *arguments) as one, other(connect, *arguments) as two:
        for process in (one, two):
            assert process.hear() == "ready"
        for process in (one, two):
            process.pipe.send("go")
        assert [one.hear(), two.hear()] == [COUNT, COUNT]
        one.finish()
        two.finish()
    check_sound(place)


def test_a_staged_index_is_filled_when_it_is_asked_for(
    old: ModuleType, make: Make, place: str, fresh: str, tmp_path: Path
) -> None:
    staged = make(STAGED, "filling_staged")
    with staged.server.connect(place) as db:
        assert unbuilt(place) == {"words", "near"}
        with pytest.raises(InvalidQuery, match="staged"):
            db.run(staged.notes._search("words", "text", {}))
        # Those who connected before write on while it is filled, and after.
        argv = ["apply", "--db", place, "--schema", "filling_staged.yaml"]
        code, out, _ = codegen(argv, tmp_path)
        assert code == 0 and "index words built over 60 documents" in out
        check_sound(place)
        db.insert(note(staged, 7, text="new 7"))
        first = db.run(staged.notes.full_scan().take(1))[0]
        db.patch(first.id, staged.NotePatch(text="changed"))
        check_sound(place)
    new = make(NEW, "filling_new")
    seen: list[Filled] = []
    bring(place, new, seen.append)
    assert seen == []
    check_answers(new, place, fresh)


@pytest.mark.parametrize("schema", [OLD, NEW.replace("[kind]", "[kind, rank]")])
def test_an_index_that_is_gone_before_it_is_built(
    old: ModuleType, make: Make, place: str, schema: str
) -> None:
    assert not bring_by(3, place, make(STAGED, "filling_staged"))
    made = make(schema, "filling_other")
    with made.server.connect(place, older_schema=True) as db:
        db.insert(note(made, 7, text="new 7"))
        if schema != OLD:
            assert len(db.run(made.notes.words("text"))) == COUNT
            assert [n.text for n in db.run(made.notes.words("new"))] == ["new 7"]
    check_sound(place)


def test_a_schema_that_is_applied_meanwhile(
    old: ModuleType, make: Make, place: str, fresh: str
) -> None:
    new = make(NEW, "filling_new")
    other = make(NEW.replace("rank: float", "rank: float | str"), "filling_other")

    def interfere(filled: Filled) -> None:
        if filled.done == 2 * BATCH:
            other.server.connect(place).close()

    with pytest.raises(SchemaChanged):
        bring(place, new, interfere)
    check_answers(other, place, fresh)
    check_sound(place)


def test_columns_are_filled_beside(
    old: ModuleType, make: Make, place: str, fresh: str
) -> None:
    """Of an index that was begun before, and of one that comes with them."""
    by_kind = f"{OLD}    indexes: {{by_kind: {{fields: [kind], staged: true}}}}\n"
    assert not bring_by(2, place, make(by_kind, "filling_kind"))
    schema = f"{NEW}    indexes: {{by_kind: [kind], by_rank: [rank]}}\n"
    new = make(schema, "filling_new")
    seen: list[Filled] = []
    bring(place, new, seen.append)
    assert {filled.indexes for filled in seen} == {
        ("by_kind", "by_rank", "near", "words")
    }
    assert seen[-1].done == COUNT
    check_sound(place)
    check_answers(new, place, fresh)
    with new.server.connect(place) as db:
        assert len(db.run(new.notes.by_kind("odd"))) == COUNT // 2
        assert [n.rank for n in db.run(new.notes.by_rank())] == [*range(COUNT)]
