"""Documents that are moved into and out of databases whose indexes are being filled."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.cases.cases import codegen
from tests.engines.filling.bringing import bring_by, check_entries, check_sound, unbuilt
from tests.engines.filling.conftest import Make
from tests.engines.filling.notes import COUNT, NEW, OLD, STAGED, check_answers, note


@pytest.fixture
def half(old: ModuleType, make: Make, place: str) -> str:
    """A database whose indexes have some documents."""
    assert not bring_by(3, place, make(STAGED, "filling_staged"))
    assert unbuilt(place) == {"words", "near"}
    return place


def run(folder: Path, *argv: str) -> None:
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors


def test_a_copy(half: str, make: Make, fresh: str, tmp_path: Path) -> None:
    copied = f"sqlite:///{tmp_path}/copied.db"
    run(tmp_path, "copy", half, copied)
    check_sound(copied)
    new = make(NEW, "filling_new")
    with new.server.connect(copied) as db:
        assert len(db.run(new.notes.words("text"))) == COUNT
    check_entries(half)
    check_answers(new, half, fresh)


def test_a_backup(half: str, make: Make, tmp_path: Path) -> None:
    """One of a file is a copy of it, which is filled up where it is restored."""
    is_copy = half.startswith("sqlite")
    backup = "backup.db" if is_copy else "backup.zip"
    run(tmp_path, "backup", "--db", half, backup)
    restored = f"sqlite:///{tmp_path}/restored.db"
    run(tmp_path, "restore", "--db", restored, backup)
    assert unbuilt(restored) == ({"words", "near"} if is_copy else set())
    check_answers(make(NEW, "filling_new"), restored, "sqlite://")
    check_sound(restored)


@pytest.mark.parametrize("others", ["", "  aaa: {fields: {a: str}}\n"])
def test_an_import_in_the_place_of_all(
    half: str, make: Make, tmp_path: Path, fresh: str, others: str
) -> None:
    """Of documents whose ids begin with the same number, or with another one."""
    source = make(OLD.replace("  notes:", f"{others}  notes:"), "filling_source")
    url = f"sqlite:///{tmp_path}/source.db"
    with source.server.connect(url) as db:
        db.insert_many(note(source, n, text=f"new {n}") for n in range(25))
    run(tmp_path, "export-data", "--db", url, "--table", "notes", "all.jsonl")
    argv = ["import-data", "all.jsonl", "--db", half, "--table", "notes"]
    run(tmp_path, *argv, "--mode", "replace")
    check_entries(half)
    check_answers(make(NEW, "filling_new"), half, fresh)
    check_sound(half)
