"""Files that are no databases of this package: refused by name, and left byte for byte."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from codegen.runtime import (
    CorruptDatabase,
    DatabaseError,
    ForeignDatabase,
    NewerSchema,
    ReadOnlyDatabase,
    UnusableDatabase,
)
from tests.engines.packages import imported, package
from tests.engines.safety.files import COUNTERS, check_file, plain, url_of
from tests.engines.safety.processes import Pipe, other

PAGE = 4096


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return package(tmp_path_factory.mktemp("made"), COUNTERS, "refused")


@pytest.fixture(scope="module")
def good(made: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database of the package, with some hundred documents: the same in each run."""
    file = tmp_path_factory.mktemp("good") / "good.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("codegen.engines.ids.os.urandom", Random(8).randbytes)
        patch.setattr(
            "codegen.engines.clock.time.time_ns", lambda: 1_700_000_000 * 10**9
        )
        with made.server.connect(url_of(file)) as db:
            db.insert_many([made.CounterNew(name=f"name {n}", n=n) for n in range(400)])
    return file.read_bytes()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refuse(made: Any, file: Path, error: type[DatabaseError]) -> DatabaseError:
    """Asserts that a file is refused, and that nothing in its folder is other after it."""
    before = contents(file.parent)
    modified = file.stat().st_mtime_ns
    with pytest.raises(error) as refused:
        made.server.connect(url_of(file))
    assert contents(file.parent) == before
    assert file.stat().st_mtime_ns == modified
    return refused.value


@pytest.mark.parametrize(
    "content",
    [b"x", b"Dear diary,\n" * 1000, b"\x00" * PAGE, b"SQLite", b"SQLite format 2\x00"],
)
def test_a_file_of_another_kind(made: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    refuse(made, tmp_path / "file", ForeignDatabase)


def test_a_folder(made: Any, tmp_path: Path) -> None:
    with pytest.raises(ForeignDatabase):
        made.server.connect(url_of(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(made: Any, tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase):
        made.server.connect(url_of(tmp_path / "no" / "such" / "folder.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_should_be(made: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnusableDatabase):
        made.server.connect(url_of(tmp_path / "file" / "app.db"))


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE counters (name TEXT)"],
        ["PRAGMA application_id=77"],
        ["PRAGMA application_id=77", "CREATE TABLE t (x)", "INSERT INTO t VALUES (1)"],
        ["CREATE VIEW v AS SELECT 1"],
    ],
)
def test_a_database_of_another_program(
    made: Any, tmp_path: Path, journal: str, statements: list[str]
) -> None:
    with plain(tmp_path / "other.db") as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")
        for statement in statements:
            connection.execute(statement)
    refuse(made, tmp_path / "other.db", ForeignDatabase)


def test_another_program_goes_on_beside_a_refused_one(
    made: Any, tmp_path: Path
) -> None:
    file = tmp_path / "other.db"
    with plain(file) as connection:
        connection.execute("CREATE TABLE t (x)")
        with pytest.raises(ForeignDatabase):
            made.server.connect(url_of(file))
        connection.execute("INSERT INTO t VALUES (1)")
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        with pytest.raises(ForeignDatabase):
            made.server.connect(url_of(file))


def test_an_empty_file_becomes_a_database(made: Any, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with made.server.connect(url_of(tmp_path / "empty.db")) as db:
        db.insert(made.CounterNew(name="a", n=1))
    assert check_file(tmp_path / "empty.db", made) == 1


def test_a_newer_format(made: Any, good: bytes, tmp_path: Path) -> None:
    file = tmp_path / "newer.db"
    file.write_bytes(good)
    with plain(file) as connection:
        connection.execute("PRAGMA user_version=99")
    error = refuse(made, file, NewerSchema)
    assert "format 99" in str(error)


def test_an_older_format(made: Any, good: bytes, tmp_path: Path) -> None:
    file = tmp_path / "older.db"
    file.write_bytes(good)
    with plain(file) as connection:
        connection.execute("PRAGMA user_version=4")
    for _ in range(2):
        error = refuse(made, file, UnusableDatabase)
        assert "the file has format 4" in str(error)


@pytest.mark.parametrize(
    "size", [17, 99, 100, 500, 1000, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, -PAGE]
)
def test_a_file_that_was_cut_off(
    made: Any, good: bytes, tmp_path: Path, size: int
) -> None:
    file = tmp_path / "cut.db"
    file.write_bytes(good[:size])
    refuse(made, file, CorruptDatabase)


def test_a_header_that_is_overwritten(made: Any, good: bytes, tmp_path: Path) -> None:
    for name, at, junk, error in [
        ("magic", 0, b"\xff" * 16, ForeignDatabase),
        ("page size", 16, b"\x12\x34", CorruptDatabase),
        ("formats", 18, b"\x09\x09", CorruptDatabase),
        ("payload fractions", 21, b"\x00\x00\x00", CorruptDatabase),
        ("schema format", 44, b"\xff" * 4, UnusableDatabase),
        ("user_version", 60, b"\x7f" * 4, NewerSchema),
        ("application_id", 68, b"\x01" * 4, ForeignDatabase),
        ("first b-tree page", 100, b"\xff" * 64, CorruptDatabase),
    ]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "bad.db").write_bytes(good[:at] + junk + good[at + len(junk) :])
        refuse(made, folder / "bad.db", error)


def everything(made: Any, file: Path) -> None:
    with made.server.connect(url_of(file)) as db:
        documents = db.run(made.counters.full_scan())
        db.run(made.counters.by_name("name 5"))
        id = db.insert(made.CounterNew(name="new", n=1))
        db.patch(id, made.CounterPatch(n=2))
        for document in documents[::40]:
            db.patch(document.id, made.CounterPatch(name="other"))
        db.delete(id)


def ways_to_damage(good: bytes) -> Generator[tuple[int, bytes]]:
    random = Random(5)
    # The first pages have what SQLite and the engine know of the file.
    for page in (0, 0, 1, 2, 3, 4, 5, *range(6, len(good) // PAGE, 4)):
        for length in (8, 200, PAGE):
            at = page * PAGE + random.randrange(PAGE - length + 1)
            yield at, random.randbytes(length)
            yield at, b"\x00" * length


@pytest.mark.slow
def test_no_damage_raises_other_errors(made: Any, good: bytes, tmp_path: Path) -> None:
    """Not all damage can be seen; what is, is one of ours, and never SQLite's or Python's."""
    seen: dict[str, int] = {}
    raw: list[str] = []
    for number, (at, junk) in enumerate(ways_to_damage(good)):
        file = tmp_path / f"{number}.db"
        file.write_bytes(good[:at] + junk + good[at + len(junk) :])
        try:
            everything(made, file)
        except DatabaseError as error:
            seen[type(error).__name__] = seen.get(type(error).__name__, 0) + 1
        except Exception as error:
            raw.append(f"{at} {len(junk)} {error!r}")
    assert raw == []
    assert seen["CorruptDatabase"] > 10


def damaged(file: Path, sql: str, *values: object) -> None:
    with plain(file) as connection:
        connection.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE counters SET _document = 'no json'",
        "UPDATE counters SET _document = '{'",
        "UPDATE counters SET _document = '[]'",
        "UPDATE counters SET _document = '{}'",
        "UPDATE counters SET _document = x'ff00'",
        "UPDATE counters SET _document = CAST(x'ff' AS TEXT)",
        "UPDATE _tablewright_indexes SET fields = 'no json'",
        "UPDATE _tablewright_schemas SET schema = '{}', digest = ''",
        "UPDATE _tablewright_schemas SET schema = '[1]', digest = ''",
        "UPDATE _tablewright_tables SET sql_name = 'gone'",
        "DROP TABLE _tablewright_tables",
        "DROP TABLE _tablewright_schemas",
        "DROP TABLE counters",
        'DROP INDEX "counters.by_name"',
    ],
)
def test_edits_by_hand_raise_no_other_errors(
    made: Any, good: bytes, tmp_path: Path, sql: str
) -> None:
    file = tmp_path / "edited.db"
    file.write_bytes(good)
    with made.server.connect(url_of(file)) as db:
        id = db.run(made.counters.full_scan().first()).id
    damaged(file, sql)
    with (
        pytest.raises(DatabaseError),
        made.server.connect(url_of(file)) as db,
    ):
        db.get(id)
        db.patch(id, made.CounterPatch(n=5))
        db.run(made.counters.by_name("name 5"))


@pytest.mark.parametrize(
    "sql", ["DROP TABLE _tablewright_schemas", "DELETE FROM _tablewright_schemas"]
)
def test_an_error_at_the_start_of_a_write_keeps_no_lock(
    made: Any, good: bytes, tmp_path: Path, sql: str
) -> None:
    file = tmp_path / "edited.db"
    file.write_bytes(good)
    with made.server.connect(url_of(file)) as db:
        damaged(file, sql)
        for _ in range(2):
            with pytest.raises(DatabaseError) as refused:
                db.insert(made.CounterNew(name="a", n=1))
            assert "within a transaction" not in str(refused.value)
        with plain(file) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


def unprivileged(pipe: Pipe, folder: Path, file: Path) -> None:
    """Connects as a user who may write neither, and says what it was answered."""
    made = imported(folder, "readonly")
    # What is imported on use may be where only its owner can read.
    everything(made, folder / "warm.db")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        made.server.connect(url_of(file))
        pipe.send("connected")
    except Exception as error:
        pipe.send((type(error), str(error)))


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that every user can enter; pytest's own are its user's only."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


def file_is_read_only(file: Path) -> None:
    file.chmod(0o444)
    file.parent.chmod(0o777)


def folder_is_read_only(file: Path) -> None:
    file.chmod(0o666)
    file.parent.chmod(0o555)


def file_is_unreadable(file: Path) -> None:
    file.chmod(0o222)
    file.parent.chmod(0o777)


def nothing_may_be_done_with_the_file(file: Path) -> None:
    file.chmod(0o000)
    file.parent.chmod(0o777)


def folder_may_not_be_entered(file: Path) -> None:
    file.parent.chmod(0o666)


def file_is_not_there(file: Path) -> None:
    file.unlink()
    file.parent.chmod(0o555)


@pytest.mark.parametrize(
    ("protect", "error", "said"),
    [
        (file_is_read_only, ReadOnlyDatabase, "a.db can't be written"),
        (folder_is_read_only, ReadOnlyDatabase, "sub can't be written, where the log"),
        (file_is_unreadable, UnusableDatabase, "a.db can't be read"),
        (nothing_may_be_done_with_the_file, UnusableDatabase, "a.db can't be read"),
        (folder_may_not_be_entered, UnusableDatabase, "sub can't be entered"),
        (file_is_not_there, UnusableDatabase, "a.db does not exist, and its folder"),
    ],
)
def test_what_may_not_be_written(
    good: bytes,
    tmp_path: Path,
    open_folder: Path,
    protect: Callable[[Path], None],
    error: type[DatabaseError],
    said: str,
) -> None:
    package(tmp_path, COUNTERS, "readonly")
    file = open_folder / "sub" / "a.db"
    file.parent.mkdir()
    file.write_bytes(good)
    protect(file)
    with other(unprivileged, tmp_path, file) as user:
        kind, text = user.hear()
    assert (kind, said in text) == (error, True), text
    file.parent.chmod(0o777)
    assert contents(file.parent) == ({"a.db": good} if file.exists() else {})


def test_a_path_is_where_it_was_when_the_program_goes_elsewhere(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with made.server.connect("sqlite:///app.db") as db:
        id = db.insert(made.CounterNew(name="a", n=1))
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert db.get(id).name == "a"
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("name", ["file:a.db", "a b.db", "ä.db", "%41.db"])
def test_odd_names_of_files(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{name.replace('%', '%25')}"
    with made.server.connect(url) as db:
        id = db.insert(made.CounterNew(name="a", n=1))
        assert db.get(id).name == "a"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with made.server.connect(url) as db:
        assert db.get(id).name == "a"


def test_a_link_to_a_file(made: Any, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    for name in ("link.db", "real.db", "link.db"):
        with made.server.connect(url_of(tmp_path / name)) as db:
            db.insert(made.CounterNew(name=name, n=1))
    assert check_file(tmp_path / "real.db", made) == 3


def test_a_log_that_was_left_is_used(made: Any, tmp_path: Path) -> None:
    """A copy of a file and of its log, as after a loss of power, has what was committed."""
    file = tmp_path / "a.db"
    (tmp_path / "copy").mkdir()
    with made.server.connect(url_of(file)) as db:
        db.insert(made.CounterNew(name="a", n=1))
        for name in ("a.db", "a.db-wal"):
            shutil.copy(tmp_path / name, tmp_path / "copy" / name)
    assert check_file(tmp_path / "copy" / "a.db", made) == 1


def test_the_version_of_sqlite_is_asked_for(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 0))
    with pytest.raises(UnusableDatabase, match="too old"):
        made.server.connect(url_of(tmp_path / "a.db"))
    assert list(tmp_path.iterdir()) == []
