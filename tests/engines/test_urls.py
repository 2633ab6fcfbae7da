"""URLs: which database is meant."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from codegen.runtime import UnusableDatabase
from tests.cases.cases import codegen

SCHEMA = """
tables:
  items: {fields: {name: str}}
"""


def insert(models: ModuleType, url: str) -> int:
    """Stores a document, and counts all."""
    with models.server.connect(url) as db:
        db.insert(models.ItemNew(name="a"))
        return len(db.run(models.items.full_scan()))


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///data.db", "data.db"),
        ("sqlite:///a%20b.db", "a b.db"),
        ("sqlite:///%C3%A9.db", "é.db"),
        ("sqlite:///é.db", "é.db"),
        ("sqlite:///folder/data", "folder/data"),
        ("sqlite:///100%25.db", "100%.db"),
        ("sqlite:///what%3F%23.db", "what?#.db"),
        ("sqlite:///./data.db", "data.db"),
        ("sqlite:///data.db;x=1", "data.db;x=1"),
    ],
)
def test_a_file_beside_the_program(
    models: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    file: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    assert insert(models, url) == 1
    assert (tmp_path / file).is_file()
    assert insert(models, url) == 2


def test_a_file_at_an_absolute_path(models: ModuleType, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data.db"
    assert url.startswith("sqlite:////")
    assert [insert(models, url), insert(models, url)] == [1, 2]
    assert (tmp_path / "data.db").is_file()


def test_a_program_that_goes_elsewhere(
    models: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays the one that was beside it when it connected."""
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    with models.server.connect("sqlite:///data.db") as db:
        db.insert(models.ItemNew(name="a"))
        monkeypatch.chdir(tmp_path / "other")
        assert len(db.run(models.items.full_scan())) == 1
        db.insert(models.ItemNew(name="a"))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["data.db"]
    assert [*(tmp_path / "other").iterdir()] == []


def test_memory_is_new_each_time(models: ModuleType) -> None:
    assert [insert(models, "sqlite://"), insert(models, "sqlite://")] == [1, 1]


def test_another_way_to_write_memory(
    models: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "sqlite:///:memory:"
    assert [insert(models, url), insert(models, url)] == [1, 1]
    assert [*tmp_path.iterdir()] == []


def test_a_name_that_is_empty(models: ModuleType, tmp_path: Path) -> None:
    """A variable that is not set makes it: it is not memory, where all would be lost."""
    assert insert(models, f"sqlite:///{tmp_path}/app.db") == 1
    reason = "'sqlite:///' names no file: write `sqlite:///file.db` for a file, or"
    for connect in (models.server.connect, models.server.async_connect):
        with pytest.raises(ValueError, match=reason):
            connect("sqlite:///")
    for command in (
        ["doctor", "--db"],
        ["restore", "app.db", "--db"],
        ["copy", "sqlite:///app.db"],
    ):
        code, out, errors = codegen([*command, "sqlite:///"], tmp_path)
        assert (code, out) == (2, "")
        assert reason in errors


@pytest.mark.parametrize(
    "url",
    [
        "",
        "data.db",
        "/data.db",
        ":memory:",
        "sqlite",
        "sqlite:",
        "sqlite:data.db",
        "sqlite:///",
        "sqlite:/data.db",
        "sqlite://data.db",
        "sqlite://localhost/data.db",
        "sqlite:///data.db?mode=ro",
        "sqlite:///data.db#part",
        "sqlite:///data%00.db",
        "mysql://localhost/data",
        "postgresql:data",
        "sqlite3:///data.db",
    ],
)
def test_what_is_no_url_of_a_database(
    models: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"sqlite|null"):
        models.server.connect(url)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data.db", "write `sqlite:///data.db`"),
        ("/var/my data#1.db", "write `sqlite:////var/my%20data%231.db`"),
        ("sqlite://data.db", "a file begins after three slashes"),
        ("sqlite:///what?.db", "`?` is %3F"),
        ("mysql://me:secret@localhost/data", "'mysql://…@localhost/data' is not"),
    ],
)
def test_it_is_said_what_to_write(models: ModuleType, url: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        models.server.connect(url)


@pytest.mark.parametrize(
    ("no_url", "said"),
    [
        (Path("x.db"), "x.db'): write `sqlite:///x.db`"),
        (Path("/var/my x.db"), "write `sqlite:////var/my%20x.db`"),
        (b"x.db", "not by b'x.db': write `sqlite:///file.db` for a file"),
        (7, "not by 7: write `sqlite:///file.db` for a file"),
    ],
)
@pytest.mark.parametrize("way", ["connect", "async_connect"])
def test_what_is_no_text(
    models: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    no_url: object,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TypeError, match=re.escape(said)):
        getattr(models.server, way)(no_url)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_does_not_exist(models: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabase, match="missing"):
        models.server.connect(f"sqlite:///{tmp_path}/missing/data.db")
    assert [*tmp_path.iterdir()] == []
