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
    # As programs leave it, this one would have a log.
    logged = folder / "kept" / "logged.db"
    logged.write_bytes((tmp_path / "a.db").read_bytes())
    logged.chmod(0o444)
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
    refused = ["doctor", "--db", url_of(logged)]
    with other(run_unprivileged, folder, [*reading, writing, refused]) as user:
        for _ in reading:
            code, out, errors = user.hear()
            assert (code, errors) == (0, "")
            assert "counters: 30 documents" in out
        for said in ("or its folder, can't be written", "look at a copy of it"):
            code, out, errors = user.hear()
            assert (code, out) == (2, "")
            assert said in errors
    assert {path.name for path in file.parent.iterdir()} == {"a.db", "logged.db"}
    assert file.read_bytes() == before
