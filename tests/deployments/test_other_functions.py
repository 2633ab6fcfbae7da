"""Functions for documents that are not those of this version of the package."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from codegen.convex import Options, UnexpectedAnswer, Unsupported
from tests.deployments.both_ways import Way
from tests.deployments.faulty import answers, gives, serving
from tests.engines.packages import package

SCHEMA = """
tables:
  notes:
    fields: {text: str, vector: 'list[float]'}
    searchIndexes: {search_text: {field: text}}
    vectorIndexes: {by_vector: {field: vector, dimensions: 2}}
"""
KEY = "carnitas|0123456789abcdef"
ID = "j57d2ynxzm2wc5v7h8m4w8bq4d6x9k1t"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return package(tmp_path_factory.mktemp("others"), SCHEMA, "deployed_others")


def asked(db: Any, models: ModuleType, what: str) -> Any:
    notes = models.notes
    new = models.NoteNew(text="x", vector=[1, 0])
    match what:
        case "get":
            return db.get(models.NoteId(ID))
        case "insert":
            return db.insert(new)
        case "insert_many":
            return db.insert_many([new, new])
        case "delete":
            return db.delete(models.NoteId(ID))
        case "collect":
            return db.run(notes.full_scan())
        case "page":
            return db.run(notes.full_scan().paginate(3))
        case "search":
            return db.run(notes.search_text("x"))
        case _:
            return db.run(notes.by_vector([1, 0]))


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("get", "[]"),
        ("insert", "null"),
        ("insert", "[null]"),
        ("insert_many", f'["{ID}"]'),
        ("delete", f'["{ID}"]'),
        ("collect", "[]"),
        ("collect", '{"page":{},"isDone":true,"continueCursor":""}'),
        ("collect", '{"page":[1],"isDone":true,"continueCursor":""}'),
        ("page", '{"page":[],"isDone":false,"continueCursor":null}'),
        ("search", '{"page":[]}'),
        ("nearest", "null"),
        ("nearest", '[{"document":{}}]'),
        ("nearest", '[{"document":{},"score":"high"}]'),
    ],
)
def test_answers_of_others(
    what: str, answer: str, way: Way, models: ModuleType
) -> None:
    with serving([gives(answer)]) as server:
        db = way.connect(models, server.url, Options(admin_key=KEY))
        with pytest.raises(UnexpectedAnswer, match="write them again") as caught:
            asked(db, models, what)
    is_write = what in ("insert", "insert_many", "delete")
    assert caught.value.may_have_run is is_write


@pytest.mark.parametrize("what", ["get", "insert", "collect", "search", "nearest"])
def test_others_take_other_arguments(what: str, way: Way, models: ModuleType) -> None:
    refusal = answers(
        '{"status":"error","errorMessage":"[Request ID: 1a] Server Error\\n'
        'ArgumentValidationError: Object contains extra field `unique`"}'
    )
    with serving([refusal]) as server:
        db = way.connect(models, server.url, Options(admin_key=KEY))
        with pytest.raises(Unsupported, match="not those of this version"):
            asked(db, models, what)


def test_a_score_is_a_number_of_any_kind(way: Way, models: ModuleType) -> None:
    """Convex writes -0.0 in a form of its own."""
    note = f'{{"_id":"{ID}","_creationTime":1.5,"text":"x","vector":[1,0]}}'
    score = '{"$float":"AAAAAAAAAIA="}'
    with serving([gives(f'[{{"document":{note},"score":{score}}}]')]) as server:
        db = way.connect(models, server.url, Options(admin_key=KEY))
        (found,) = asked(db, models, "nearest")
    assert (found.document.text, str(found.score)) == ("x", "-0.0")
