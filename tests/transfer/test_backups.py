"""Backups are made while programs write, and give back what there was at one moment."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from codegen.engines.bare import open_bare
from codegen.engines.url import sqlite_url
from codegen.runtime.errors import SchemaChanged, StorageFailed
from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.transfer.contents import check_sound, contents, done

SCHEMA = """
tables:
  people:
    fields:
      name: str
      age?: int
    indexes:
      by_name: [name]
"""


@pytest.fixture
def url(tmp_path: Path, models: ModuleType) -> str:
    """A file with three people."""
    url = f"sqlite:///{tmp_path}/app.db"
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name=name, age=1) for name in "CAB"])
    return url


def test_a_file_comes_back(url: str, tmp_path: Path) -> None:
    before = contents(url)
    assert done(["backup", "--db", url, "b.db"], tmp_path) == "people: 3 documents\n"
    assert {path.name for path in tmp_path.glob("b.db*")} == {"b.db"}
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"app.db{end}").unlink(missing_ok=True)
    assert done(["restore", "b.db", "--db", url], tmp_path) == "people: 3 documents\n"
    assert contents(url) == before
    check_sound(url)
    assert not list(tmp_path.glob("*.part*"))


def leave_log(url: str, models: ModuleType, path: Path) -> None:
    """What a program that was killed leaves of a file, when the file alone is removed."""
    source = url.removeprefix("sqlite:///")
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name=f"late {n}") for n in range(500)])
        for end in ("-wal", "-shm"):
            shutil.copy(f"{source}{end}", f"{path}{end}")


def test_the_log_of_a_file_that_is_gone_is_no_part_of_a_backup(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    before = contents(url)
    done(["backup", "--db", url, "b.db"], tmp_path)
    leave_log(url, models, tmp_path / "killed.db")
    killed = f"sqlite:///{tmp_path}/killed.db"
    done(["restore", "b.db", "--db", killed], tmp_path)
    assert contents(killed) == before
    check_sound(killed)


def test_no_backup_is_written_beside_a_log(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    leave_log(url, models, tmp_path / "b.db")
    code, _, errors = codegen(["backup", "--db", url, "b.db"], tmp_path)
    assert code == 2
    assert "b.db-wal exists, which would be taken for a part of the backup" in errors
    assert not (tmp_path / "b.db").exists()


def test_a_damaged_database_is_told_from_a_damaged_backup(
    url: str, tmp_path: Path
) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    done(["backup", "--db", url, "bad.db"], tmp_path)
    with (tmp_path / "bad.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3996)  # the list of tables
    argv = ["restore", "b.db", "--db", f"sqlite:///{tmp_path}/bad.db", "--replace"]
    code, _, errors = codegen(argv, tmp_path)
    assert code == 2
    assert f"{tmp_path}/bad.db is damaged: move it away, then restore" in errors
    code, _, errors = codegen(["restore", "bad.db", "--db", url, "--replace"], tmp_path)
    assert code == 2
    assert "bad.db: this backup is damaged, and nothing was restored" in errors


@pytest.mark.parametrize(
    "command",
    [
        ["backup", "--db", "sqlite:///app.db", "no/b.db"],
        ["restore", "b.db", "--db", "sqlite:///no/app.db"],
        ["export-data", "--db", "sqlite:///app.db", "no/people.zip"],
    ],
)
def test_a_folder_that_is_not_there(
    url: str, tmp_path: Path, command: list[str]
) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    code, _, errors = codegen(command, tmp_path)
    assert code == 2
    assert f"the folder {tmp_path}/no does not exist" in errors


def test_a_backup_is_a_database(url: str, models: ModuleType, tmp_path: Path) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    with models.server.connect(f"sqlite:///{tmp_path}/b.db") as db:
        assert len(db.run(models.people.full_scan())) == 3


def test_a_backup_that_can_only_be_read(url: str, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    done(["backup", "--db", url, "kept/b.db"], tmp_path)
    os.chmod(tmp_path / "kept" / "b.db", 0o400)
    os.chmod(tmp_path / "kept", 0o500)
    try:
        other = f"sqlite:///{tmp_path}/other.db"
        done(["restore", "kept/b.db", "--db", other], tmp_path)
    finally:
        os.chmod(tmp_path / "kept", 0o700)
    assert contents(other) == contents(url)


def test_what_there_is_is_replaced_on_demand_only(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    before = contents(url)
    done(["backup", "--db", url, "b.db"], tmp_path)
    with models.server.connect(url) as program:
        program.insert(models.PersonNew(name="D"))
        code, _, errors = codegen(["restore", "b.db", "--db", url], tmp_path)
        assert code == 2
        assert "table `people` of the database has documents" in errors
        assert len(contents(url)["people"]["by_name"]) == 4
        done(["restore", "b.db", "--db", url, "--replace"], tmp_path)
        assert contents(url) == before
        # It reads what is there now, and does not write beside it.
        assert len(program.run(models.people.full_scan())) == 3
        with pytest.raises(SchemaChanged):
            program.insert(models.PersonNew(name="E"))
    with models.server.connect(url) as db:
        db.insert(models.PersonNew(name="F"))
    check_sound(url)


def test_another_database_in_the_place_of_one(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    """Its tables have other numbers and indexes, under the same number of the record."""
    (tmp_path / "other").mkdir()
    other = package(
        tmp_path / "other",
        "tables:\n  pets:\n    fields: {name: str}\n  people:\n    fields: {name: str, age?: int}\n",
        "restored_other",
    )
    place = f"sqlite:///{tmp_path}/other.db"
    with other.server.connect(place) as db:
        db.insert(other.PetNew(name="Rex"))
    done(["backup", "--db", place, "pets.db"], tmp_path)
    with models.server.connect(url) as program:
        program.insert(models.PersonNew(name="D"))
        done(["restore", "pets.db", "--db", url, "--replace"], tmp_path)
        with pytest.raises(SchemaChanged):
            program.insert(models.PersonNew(name="E"))
    assert contents(url) == contents(place)
    check_sound(url)


def test_a_server_comes_back(
    new_schema: Callable[[], str], models: ModuleType, tmp_path: Path
) -> None:
    url, other = new_schema(), new_schema()
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name=name) for name in "CAB"])
        before = contents(url)
        done(["backup", "--db", url, "b.zip"], tmp_path)
        db.insert(models.PersonNew(name="D"))
        assert codegen(["restore", "b.zip", "--db", url], tmp_path)[0] == 2
        done(["restore", "b.zip", "--db", url, "--replace"], tmp_path)
        assert contents(url) == before
        with pytest.raises(SchemaChanged):
            db.insert(models.PersonNew(name="E"))
    done(["restore", "b.zip", "--db", other], tmp_path)
    file = f"sqlite:///{tmp_path}/from_server.db"
    done(["restore", "b.zip", "--db", file], tmp_path)
    for place in (url, other, file):
        assert contents(place) == before
        check_sound(place)


def test_a_file_onto_a_server(url: str, postgres_url: str, tmp_path: Path) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    done(["restore", "b.db", "--db", postgres_url], tmp_path)
    assert contents(postgres_url) == contents(url)
    check_sound(postgres_url)


def broken(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:4196] = b"\xff" * 100  # where the first table begins
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (a)")


def text(path: Path) -> None:
    path.write_text("no backup")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


@pytest.mark.parametrize("spoil", [broken, cut])
def test_a_damaged_backup_of_a_file_onto_a_server(
    url: str, postgres_url: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """Nobody is to think that the server is damaged."""
    done(["backup", "--db", url, "b.db"], tmp_path)
    spoil(tmp_path / "b.db")
    code, out, errors = codegen(["restore", "b.db", "--db", postgres_url], tmp_path)
    assert (code, out) == (2, "")
    assert "b.db: this backup is damaged, and nothing was restored" in errors
    with open_bare(postgres_url, 10_000) as database:
        assert database.catalog.is_empty()


@pytest.mark.parametrize("spoil", [broken, cut, foreign, text])
@pytest.mark.parametrize("exists", [True, False])
def test_a_bad_backup_changes_nothing(
    url: str, tmp_path: Path, spoil: Callable[[Path], None], exists: bool
) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    spoil(tmp_path / "b.db")
    before = contents(url)
    target = url if exists else f"sqlite:///{tmp_path}/new.db"
    argv = ["restore", "b.db", "--db", target, "--replace"]
    code, out, errors = codegen(argv, tmp_path)
    assert (code, out) == (2, "")
    assert "error[E60" in errors
    assert contents(url) == before
    assert not (tmp_path / "new.db").exists()
    assert not list(tmp_path.glob("*.part*"))


def test_a_busy_database_is_waited_for_so_long_only(url: str, tmp_path: Path) -> None:
    done(["backup", "--db", url, "b.db"], tmp_path)
    before = contents(url)
    with closing(sqlite3.connect(tmp_path / "app.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        argv = ["restore", "b.db", "--db", url, "--replace", "--timeout-ms", "300"]
        code, _, errors = codegen(argv, tmp_path)
        assert code == 2
        assert "others kept the database busy for too long" in errors
    assert contents(url) == before


@pytest.mark.parametrize("name", ["a b", "50%25", "what?#", "é"])
def test_files_with_odd_names(
    url: str, tmp_path: Path, name: str, postgres_url: str
) -> None:
    done(["backup", "--db", url, name], tmp_path)
    place = sqlite_url(f"{tmp_path}/{name} again")
    for target in (place, postgres_url):
        argv = ["restore", name, "--db", target]
        assert done(argv, tmp_path) == "people: 3 documents\n"
        assert contents(target)["people"].keys() == contents(url)["people"].keys()
    assert (tmp_path / f"{name} again").exists()
    done(["restore", name, "--db", place, "--replace"], tmp_path)
    names = {path.name for path in tmp_path.glob("*")} - {"app.db", "app.db-wal"}
    assert {name, f"{name} again"} <= names
    check_sound(place)


def without_room(argv: list[str], folder: Path, room: int) -> tuple[int, str]:
    """Runs a command where no file can be longer than so many bytes; what it says of it."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    ran = subprocess.run(
        [sys.executable, "-m", "codegen", *argv],
        cwd=folder,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["backup", "--db", "sqlite:///app.db", "new"],
        ["restore", "b.db", "--db", "sqlite:///new"],
        ["restore", "b.db", "--db", "sqlite:///app.db", "--replace"],
        ["restore", "b.zip", "--db", "sqlite:///app.db", "--replace"],
        ["import-data", "b.zip", "--db", "sqlite:///app.db", "--mode", "replace"],
        ["export-data", "--db", "sqlite:///app.db", "new"],
        ["export-data", "--db", "sqlite:///app.db", "new.zip"],
        ["export-data", "--db", "sqlite:///app.db", "new.jsonl", "--table", "people"],
    ],
)
def test_a_disk_without_room(
    url: str, models: ModuleType, tmp_path: Path, command: list[str]
) -> None:
    """Nothing is left that was not there, and nothing is gone."""
    name = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz", k=100_000))
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name=name[n:]) for n in range(5)])
    done(["backup", "--db", url, "b.db"], tmp_path)
    done(["export-data", "--db", url, "b.zip"], tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stored = contents(url)
    code, errors = without_room(command, tmp_path, 50_000)
    assert code == 2
    assert "error[E601]: " in errors or "error[E550]: new" in errors
    assert "E900" not in errors and "None" not in errors
    assert "Exception ignored" not in errors
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert contents(url) == stored


def test_what_sqlite_leaves_is_removed(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that is really full it can't remove the journal of a copy."""

    def fail(_source: object, path: str) -> None:
        for end in ("", "-journal"):
            Path(path + end).write_text("half")
        raise StorageFailed("the disk is full")

    done(["backup", "--db", url, "b.db"], tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    monkeypatch.setattr("codegen.transfer.backups._copy", fail)
    for argv in (["backup", "--db", url, "new"], ["restore", "b.db", "--db", url]):
        code, _, errors = codegen(argv, tmp_path)
        assert code == 2 and "the disk is full" in errors
        assert {path.name for path in tmp_path.iterdir()} == names
