"""Documents with ids and times of other databases, in files whose tables had none such."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from codegen.engines.ids import encode, random_bytes
from codegen.runtime.errors import SchemaChanged
from tests.cases.cases import codegen
from tests.transfer.contents import check_sound, contents, done, is_timed

SCHEMA = """
tables:
  people:
    fields:
      name: str
      age?: int
    indexes:
      by_name: [name]
  posts:
    fields:
      author: Id[people]
    indexes:
      by_author: [author]
"""
PEOPLE, POSTS = 10_001, 10_002
TIME = 1_700_000_000_000.25


def write_lines(path: Path, *documents: object) -> None:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in documents), "utf-8")


@pytest.fixture
def url(tmp_path: Path, models: ModuleType) -> str:
    """A file with two people."""
    url = f"sqlite:///{tmp_path}/app.db"
    with models.server.connect(url) as db:
        db.insert_many([models.PersonNew(name="Bob"), models.PersonNew(name="Ada")])
    return url


def test_a_table_is_laid_out_anew_for_the_first_foreign_id(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    old = contents(url)["people"]["by_creation_time"]
    foreign = encode(PEOPLE, random_bytes(TIME))
    document = {"_id": foreign, "_creationTime": TIME, "name": "Cy"}
    write_lines(tmp_path / "people.jsonl", document)
    assert is_timed(url, "people")
    done(
        ["import-data", "--db", url, "people.jsonl", "--mode", "append"],
        tmp_path,
    )
    assert not is_timed(url, "people")
    assert is_timed(url, "posts")
    check_sound(url)
    new = f'{{"_id":"{foreign}","_creationTime":{TIME},"name":"Cy"}}'
    bob, ada = old
    assert contents(url)["people"] == {
        "by_creation_time": [new, bob, ada],
        "by_name": [ada, bob, new],
    }
    with models.server.connect(url) as db:
        found = db.get(models.PersonId(foreign))
        assert found is not None
        assert found.creation_time == TIME
        db.patch(found.id, models.PersonPatch(name="Aa"))
        names = [person.name for person in db.run(models.people.by_name())]
        assert names == ["Aa", "Ada", "Bob"]
        db.delete(found.id)
        later = db.insert(models.PersonNew(name="Di"))
        last = db.run(models.people.full_scan().order("desc").first())
        assert last is not None
        assert last.id == later
    check_sound(url)


def test_documents_with_one_creation_time(url: str, tmp_path: Path) -> None:
    ids = sorted(encode(PEOPLE, random_bytes(TIME)) for _ in range(40))
    people = [
        {"_id": id, "_creationTime": TIME, "name": "same"} for id in reversed(ids)
    ]
    write_lines(tmp_path / "people.jsonl", *people)
    done(["import-data", "--db", url, "people.jsonl", "--mode", "replace"], tmp_path)
    check_sound(url)
    texts = contents(url)["people"]["by_name"]
    assert [json.loads(text)["_id"] for text in texts] == ids


def test_they_leave_in_the_order_of_their_creation(url: str, tmp_path: Path) -> None:
    """Of many with falling creation times, some of which are equal."""
    times = [TIME - number // 3 for number in range(1_200)]
    people = [{"_creationTime": time, "name": "same"} for time in times]
    write_lines(tmp_path / "people.jsonl", *people)
    done(["import-data", "--db", url, "people.jsonl", "--mode", "replace"], tmp_path)
    assert not is_timed(url, "people")
    done(["export-data", "--db", url, "old"], tmp_path)
    done(["copy", url, f"sqlite:///{tmp_path}/copy.db"], tmp_path)
    done(["export-data", "--db", f"sqlite:///{tmp_path}/copy.db", "new"], tmp_path)
    old = (tmp_path / "old" / "people.jsonl").read_text("utf-8")
    assert (tmp_path / "new" / "people.jsonl").read_text("utf-8") == old
    found = [json.loads(text) for text in old.splitlines()]
    places = [(one["_creationTime"], one["_id"]) for one in found]
    assert [time for time, _ in places] == sorted(times)
    assert places == sorted(places)


def test_own_ids_leave_a_table_as_it_lies(url: str, tmp_path: Path) -> None:
    done(["export-data", "--db", url, "all"], tmp_path)
    done(["import-data", "--db", url, "all", "--mode", "replace"], tmp_path)
    assert is_timed(url, "people")
    lines = [{"name": "no id"}, {"name": "a time", "_creationTime": TIME}]
    write_lines(tmp_path / "people.jsonl", *lines)
    done(["import-data", "--db", url, "people.jsonl", "--mode", "append"], tmp_path)
    assert is_timed(url, "people")
    check_sound(url)
    first = json.loads(contents(url)["people"]["by_creation_time"][0])
    assert (first["name"], first["_creationTime"]) == ("a time", TIME)


def test_two_documents_with_the_time_of_one(url: str, tmp_path: Path) -> None:
    lines = [{"name": name, "_creationTime": TIME} for name in "ab"]
    write_lines(tmp_path / "people.jsonl", *lines)
    done(["import-data", "--db", url, "people.jsonl", "--mode", "append"], tmp_path)
    assert not is_timed(url, "people")
    check_sound(url)


def test_programs_that_have_it_open_connect_again(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    write_lines(
        tmp_path / "people.jsonl",
        {"_id": encode(PEOPLE, random_bytes(TIME)), "name": "Cy"},
    )
    with models.server.connect(url) as reads, models.server.connect(url) as writes:
        assert len(reads.run(models.people.full_scan())) == 2
        writes.insert(models.PersonNew(name="Di"))
        done(["import-data", "--db", url, "people.jsonl", "--mode", "append"], tmp_path)
        with pytest.raises(SchemaChanged):
            writes.insert(models.PersonNew(name="Ed"))
        for query in (models.people.by_name(), models.people.full_scan()):
            with pytest.raises(SchemaChanged):
                reads.run(query)
    with models.server.connect(url) as db:
        assert len(db.run(models.people.full_scan())) == 4


def test_empty_tables_take_the_numbers_of_the_source(
    models: ModuleType, tmp_path: Path
) -> None:
    """Another database has made its tables in another order."""
    url = f"sqlite:///{tmp_path}/app.db"
    with models.server.connect(url) as program:
        (tmp_path / "data").mkdir()
        author = encode(POSTS, random_bytes(TIME))
        write_lines(
            tmp_path / "data" / "_tables.jsonl",
            {"name": "people", "id": POSTS},
            {"name": "posts", "id": PEOPLE},
        )
        write_lines(tmp_path / "data" / "people.jsonl", {"_id": author, "name": "A"})
        write_lines(tmp_path / "data" / "posts.jsonl", {"author": author})
        done(["import-data", "--db", url, "data"], tmp_path)
        with pytest.raises(SchemaChanged):
            program.insert(models.PersonNew(name="B"))
        with pytest.raises(SchemaChanged):
            program.get(models.PersonId(author))
    check_sound(url)
    with models.server.connect(url) as db:
        post = db.run(models.posts.by_author(models.PersonId(author)).unique())
        assert post is not None
        assert db.get(post.author) is not None
        new = db.insert(models.PersonNew(name="B"))
        assert db.get(new) is not None


def test_the_first_id_of_a_file_says_the_number(url: str, tmp_path: Path) -> None:
    """A table that has that number, and no documents, gets another one."""
    id = encode(77, bytes(range(16)))
    write_lines(tmp_path / "posts.jsonl", {"_id": id, "author": id})
    code, out, _ = codegen(["import-data", "--db", url, "posts.jsonl"], tmp_path)
    assert code == 1
    assert "at .author: " in out
    write_lines(tmp_path / "people.jsonl", {"_id": id, "name": "77"})
    done(["import-data", "--db", url, "people.jsonl", "--mode", "replace"], tmp_path)
    check_sound(url)


def test_tables_with_documents_keep_their_numbers(url: str, tmp_path: Path) -> None:
    id = encode(POSTS, random_bytes(TIME))
    write_lines(tmp_path / "people.jsonl", {"_id": id, "name": "A"})
    before = contents(url)
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    code, _, errors = codegen(argv, tmp_path)
    assert code == 2
    assert (
        "error[E602]: table `people` has documents, whose ids begin with number 10001"
        in errors
    )
    assert contents(url) == before


def test_others_do_not_lose_what_their_ids_lead_to(
    url: str, models: ModuleType, tmp_path: Path
) -> None:
    """Posts that are there refer to people by a number that people would have no more."""
    with models.server.connect(url) as db:
        author = db.insert(models.PersonNew(name="A"))
        db.insert(models.PostNew(author=author))
    before = contents(url)
    write_lines(
        tmp_path / "people.jsonl",
        {"_id": encode(10_007, random_bytes(TIME)), "name": "A"},
    )
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "replace"]
    code, out, _ = codegen(argv, tmp_path)
    assert code == 1
    assert out.startswith("posts, ")
    assert "number 10001 is none of this database" in out
    assert contents(url) == before
