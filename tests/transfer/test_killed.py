"""Commands that are killed while they write: what they leave is in nobody's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL
from types import ModuleType

import pytest

from tests.transfer.contents import check_sound, contents, done

SCHEMA = """
tables:
  people:
    fields: {name: str}
"""
_KILLED = """
import os, signal, sys
from codegen.cli.entry import main
from codegen.transfer import {module}

{module}.{function} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
main()
"""


@pytest.fixture
def url(tmp_path: Path, models: ModuleType) -> str:
    """A file with three people."""
    url = f"sqlite:///{tmp_path}/app.db"
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name=name) for name in "CAB"])
    return url


def kill(argv: list[str], at: str, folder: Path) -> None:
    """Runs a command that kills itself where it would call a function."""
    module, function = at.split(".")
    script = _KILLED.format(module=module, function=function)
    ran = subprocess.run([sys.executable, "-c", script, *argv], cwd=folder, check=False)
    assert ran.returncode == -SIGKILL


def parts(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.part*")}


@pytest.mark.parametrize(
    "at", ["backups._check", "backups._seal", "backups._overwrite"]
)
def test_a_restore_after_one_that_was_killed(
    url: str, models: ModuleType, tmp_path: Path, at: str
) -> None:
    backed_up = contents(url)
    done(["backup", "--db", url, "b.db"], tmp_path)
    with models.server.connect(url) as db:
        db.insert(models.PersonNew(name="late"))
    before = contents(url)
    restore = ["restore", "b.db", "--db", url, "--replace"]
    kill(restore, at, tmp_path)
    assert parts(tmp_path)
    assert contents(url) == before
    done(restore, tmp_path)
    assert contents(url) == backed_up
    assert not parts(tmp_path)
    check_sound(url)


def test_a_restore_to_a_new_file(url: str, tmp_path: Path) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    restore = ["restore", "b.db", "--db", "sqlite:///new.db"]
    kill(restore, "backups._take_name", tmp_path)
    assert parts(tmp_path) and not (tmp_path / "new.db").exists()
    done(restore, tmp_path)
    assert not parts(tmp_path)
    assert contents(f"sqlite:///{tmp_path}/new.db") == contents(url)


@pytest.mark.parametrize(
    ("command", "at"),
    [
        (["backup", "--db", "sqlite:///app.db", "new.db"], "backups._check"),
        (["export-data", "--db", "sqlite:///app.db", "new"], "exporting._write_lines"),
        (
            ["export-data", "--db", "sqlite:///app.db", "new.zip"],
            "exporting._write_lines",
        ),
    ],
)
def test_what_was_to_be_new(
    url: str, tmp_path: Path, command: list[str], at: str
) -> None:
    kill(command, at, tmp_path)
    assert parts(tmp_path)
    done(command, tmp_path)
    assert not parts(tmp_path)


def test_half_a_copy_with_the_number_of_this_process(url: str, tmp_path: Path) -> None:
    """In a container the first process has the same number each time."""
    done(["backup", "--db", url, "b.db"], tmp_path)
    half = f"new.db.{os.getpid()}.part"
    (tmp_path / half).write_bytes(b"SQLite format 3\0 and no more")
    (tmp_path / f"{half}-journal").write_bytes(b"\xd9\xd5\x05\xf9 a log")
    done(["restore", "b.db", "--db", "sqlite:///new.db"], tmp_path)
    assert contents(f"sqlite:///{tmp_path}/new.db") == contents(url)
    assert not parts(tmp_path)


def test_what_another_process_makes_is_left_alone(url: str, tmp_path: Path) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    others = {f"new.db.{os.getppid()}.part", "other.db.1.part", "new.db.x.part"}
    for name in others:
        (tmp_path / name).touch()
    done(["restore", "b.db", "--db", "sqlite:///new.db"], tmp_path)
    assert parts(tmp_path) == others
