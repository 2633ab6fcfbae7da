"""Zip files as `npx convex export` writes them (`crates/exports/src/lib.rs`), made by hand."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from codegen.engines.ids import decode, encode
from tests.cases.cases import codegen
from tests.transfer.contents import check_sound, contents, done, is_timed

SCHEMA = """
tables:
  messages:
    fields:
      body: str
      author: Id[users]
      n?: int
      f?: float
      b?: bytes
      more?: Any
    indexes:
      by_author: [author, n]
  users:
    fields:
      name: str
"""
USERS, MESSAGES = 10_001, 10_002
MOMENT = 1_688_768_195_270.3972


def convex_id(number: int, count: int) -> str:
    """An id as a deployment makes it: random, and the day at the end."""
    return encode(number, bytes((count * 37 + at * 11) % 256 for at in range(16)))


def zip_file(path: Path, entries: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)


def deployment(prefix: str = "") -> dict[str, str]:
    """What is in an export of a deployment with a user and a message."""
    user, message = convex_id(USERS, 1), convex_id(MESSAGES, 2)
    line = (
        f'{{"_creationTime":{MOMENT},"_id":"{message}","author":"{user}","b":{{"$bytes":"AP8="}},'
        '"body":"hi","f":-0.0,"more":[1,1.0,{"$float":"AAAAAAAA+H8="},-9223372036854775808],"n":7}'
    )
    entries = {
        "README.md": "# Welcome to your Convex snapshot export!\n",
        "_tables/documents.jsonl": (
            f'{{"name":"users","id":{USERS}}}\n{{"name":"messages","id":{MESSAGES}}}\n'
        ),
        "users/documents.jsonl": (
            f'{{"_creationTime":{MOMENT},"_id":"{user}","name":"Ada"}}\n'
        ),
        "users/generated_schema.jsonl": '"uniform"\n',
        "messages/documents.jsonl": f"{line}\n",
        "messages/generated_schema.jsonl": '"uniform"\n',
        "_storage/documents.jsonl": '{"_id":"kg2"}\n',
        "_storage/kg2.png": "an image",
    }
    return {f"{prefix}{name}": text for name, text in entries.items()}


@pytest.mark.parametrize("prefix", ["", "snapshot_1/"])
def test_an_export_of_a_deployment(
    models: ModuleType, tmp_path: Path, prefix: str
) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    models.server.connect(url).close()
    zip_file(tmp_path / "export.zip", deployment(prefix))
    argv = ["import-data", "--db", url, "export.zip"]
    code, out, errors = codegen(argv, tmp_path)
    assert (code, out) == (0, "messages: 1 document\nusers: 1 document\n")
    note = f"{prefix}_storage/documents.jsonl is left out: it is a table of the system"
    assert errors == f"note: {note}\n"
    check_sound(url)
    assert not is_timed(url, "users")
    with models.server.connect(url) as db:
        message = db.get(models.MessageId(convex_id(MESSAGES, 2)))
        assert message is not None
        assert (message.n, message.b, message.author) == (
            7,
            b"\0\xff",
            convex_id(USERS, 1),
        )
        assert message.creation_time == MOMENT
        assert math.copysign(1, message.f) == -1
        stored = json.loads(contents(url)["messages"]["by_author"][0])
        integer = {"$integer": "AQAAAAAAAAA="}
        lowest = {"$integer": "AAAAAAAAAIA="}
        assert stored["more"] == [integer, 1.0, {"$float": "AAAAAAAA+H8="}, lowest]
        new = db.insert(models.UserNew(name="Bob"))
        assert decode(new)[0] == USERS


def test_it_goes_back_as_it_came(models: ModuleType, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/app.db"
    models.server.connect(url).close()
    entries = deployment()
    zip_file(tmp_path / "export.zip", entries)
    done(["import-data", "--db", url, "export.zip"], tmp_path)
    done(["export-data", "--db", url, "back.zip"], tmp_path)
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        back = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in ("users", "messages"):
        entry = f"{name}/generated_schema.jsonl"
        assert back[entry] == entries[entry]
        # Numbers are the same by their digits: 1 is none of 1.0.
        assert _sorted(back[f"{name}/documents.jsonl"]) == entries[
            f"{name}/documents.jsonl"
        ].rstrip("\n")
    tables = back["_tables/documents.jsonl"].splitlines()
    assert sorted(tables) == sorted(entries["_tables/documents.jsonl"].splitlines())


def _sorted(line: str) -> str:
    """A line with its fields in the order that Convex has them in."""
    return json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"))


def test_ids_of_old_deployments(tmp_path: Path, models: ModuleType) -> None:
    """Those in the README of PyPI's `convex`: their tables have numbers of one byte."""
    url = f"sqlite:///{tmp_path}/app.db"
    user, message = "1f053fgh2tt2fc93mw3sn2x09h5bj08", "2sh2c7pn6nyvkexbdsfj66vd9h5q3hg"
    models.server.connect(url).close()
    entries = {
        "_tables/documents.jsonl": '{"name":"users","id":11}\n{"name":"messages","id":22}\n',
        "users/documents.jsonl": f'{{"_id":"{user}","_creationTime":{MOMENT},"name":"A"}}',
        "messages/documents.jsonl": f'{{"_id":"{message}","author":"{user}","body":""}}\n',
    }
    zip_file(tmp_path / "old.zip", entries)
    done(["import-data", "--db", url, "old.zip"], tmp_path)
    check_sound(url)
    with models.server.connect(url) as db:
        found = db.run(models.messages.by_author(models.UserId(user)).unique())
        assert found is not None
        assert found.id == message
        new = db.insert(models.MessageNew(author=found.author, body="new"))
        assert decode(new)[0] == 22
        assert db.get(new) is not None
