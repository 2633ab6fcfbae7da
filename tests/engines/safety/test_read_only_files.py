"""Files that can only be read, as a backup on a medium that is: commands that only read do."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.engines.safety.files import COUNTERS, url_of
from tests.engines.safety.processes import Pipe, other


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder that every user can enter, which pytest's own are not."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    (made / "kept").chmod(0o755)
    shutil.rmtree(made)


def run_unprivileged(pipe: Pipe, folder: Path, commands: list[list[str]]) -> None:
    """Runs commands as a user who may only read, once as one who may write to load all modules."""
    elsewhere = tempfile.mkdtemp()
    shutil.copy(folder / "kept" / "a.db", f"{elsewhere}/a.db")
    own = f"sqlite:///{elsewhere}/a.db"
    for argv in commands:
        codegen([own if "://" in word else word for word in argv], Path(elsewhere))
    if os.geteuid() == 0:
        out = folder / "out"
        out.mkdir()
        os.chown(out, 65534, 65534)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    for argv in commands:
        pipe.send(codegen(argv, folder / "out"))


def test_a_backup_is_looked_at(tmp_path: Path, folder: Path) -> None:
    made = package(tmp_path, COUNTERS, "kept")
    url = url_of(tmp_path / "a.db")
    with made.server.connect(url) as db:
        db.insert_many(made.CounterNew(name=f"n{n}", n=n) for n in range(30))
    (folder / "kept").mkdir()
    file = folder / "kept" / "a.db"
    assert codegen(["backup", "--db", url, str(file)], tmp_path)[0] == 0
    file.chmod(0o444)
    # As programs leave a file, and as they have it open.
    left, used = folder / "kept" / "left.db", folder / "kept" / "used.db"
    shutil.copy(tmp_path / "a.db", left)
    with made.server.connect(url) as db:
        db.insert(made.CounterNew(name="later", n=1))
        shutil.copy(tmp_path / "a.db", used)
        shutil.copy(tmp_path / "a.db-wal", f"{used}-wal")
    for path in (left, used):
        path.chmod(0o444)
    (folder / "kept").chmod(0o555)
    before = file.read_bytes()
    reading = [
        ["doctor", "--db", url_of(file)],
        ["verify", "--applied", "--db", url_of(file)],
        ["export-data", "--db", url_of(file), "counters.jsonl", "--table", "counters"],
        ["backup", "--db", url_of(file), "copy.db"],
        ["copy", url_of(file), "sqlite:///other.db"],
    ]
    writing = [
        "import-data",
        "--db",
        url_of(file),
        "counters.jsonl",
        "--mode",
        "append",
    ]
    refused = [["doctor", "--db", url_of(path)] for path in (left, used)]
    with other(run_unprivileged, folder, [*reading, writing, *refused]) as user:
        for _ in reading:
            code, out, errors = user.hear()
            assert (code, errors) == (0, "")
            assert "counters: 30 documents" in out
        for said in (
            "a.db can't be written",
            "log, which can't be made where nothing can be written: look at a copy of it elsewhere",
            "copy of both, it and used.db-wal",
        ):
            code, out, errors = user.hear()
            assert (code, out) == (2, "")
            assert said in errors
    names = {path.name for path in file.parent.iterdir()}
    assert names == {"a.db", "left.db", "used.db", "used.db-wal"}
    assert file.read_bytes() == before
