"""`codegen verify --deployed` says what a deployment lacks, and which documents do not fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from codegen.convex import Options
from codegen.convex.environment import NAMES
from tests.cases.cases import codegen
from tests.deployments.conftest import Command
from tests.deployments.deployed_schema import running_schema
from tests.deployments.mock_deployment import SECRET, Place, hosted
from tests.engines.packages import package

DEPLOYED = """
tables:
  authors:
    fields: {name: str, born?: float}
    indexes: {by_name: [name]}
  books:
    fields:
      title: str
      author: str
      pages: float
      big: int
      tags: list[str]
    indexes:
      by_author: [author]
      by_pages: {fields: [pages], staged: true}
  notes:
    fields: {text: str}
"""
BOOKS = 2_500


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, node_folder: Path
) -> Iterator[Place]:
    """A deployment with documents on several pages."""
    folder = tmp_path_factory.mktemp("library")
    made = package(tmp_path_factory.mktemp("package"), DEPLOYED, "deployed_library")
    with running_schema(node_folder, folder, DEPLOYED) as place:
        fill(place, made)
        yield place


def fill(place: Place, made: ModuleType) -> None:
    with made.connect(place.url, options=Options(admin_key=place.admin_key)) as db:
        ann, ben = db.insert_many(
            [made.AuthorNew(name="Ann", born=1950), made.AuthorNew(name="Ann")]
        )
        note = db.insert(made.NoteNew(text="hm"))
        authors = [ann, ben, note, "nobody"]
        db.insert_many(
            made.BookNew(
                title=f"book {n}",
                author=authors[n % 4] if n < 40 else ann,
                pages=n,
                big=n,
                tags=["a"],
            )
            for n in range(BOOKS)
        )


@pytest.fixture
def verify(library: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs the command for that deployment, in a project of the schema that is deployed."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    lines = [f"{name}={value}\n" for name, value in hosted(library).items()]
    (tmp_path / ".env.local").write_text("".join(lines))
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/app.yaml").write_text(DEPLOYED)

    def verify(*argv: str) -> tuple[int, str, str]:
        code, out, err = codegen(["verify", "--deployed", *argv], tmp_path)
        assert SECRET[2:] not in out + err
        return code, out, err

    return verify


def test_all_is_well(verify: Command) -> None:
    fit = (
        "authors: 2 documents, all fit\n"
        f"books: {BOOKS:,} documents, all fit\n"
        "notes: 1 document, all fit\n"
    )
    assert verify() == (0, fit, "")
    assert verify("--applied") == (0, fit, "")


def test_documents_that_do_not_fit(verify: Command, tmp_path: Path) -> None:
    """With ids of other tables, constraints and unique indexes: as in databases."""
    text = DEPLOYED.replace("author: str", "author: Id[authors]")
    text = text.replace("tags: list[str]", "tags: Annotated[list[str], MinLen(1)]")
    text = text.replace("by_name: [name]", "by_name: {fields: [name], unique: true}")
    text = text.replace("pages: float", "pages: Annotated[float, Lt(2499)]")
    text, _, _ = text.partition("  notes:")
    (tmp_path / "schema/app.yaml").write_text(text)
    code, out, err = verify()
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "authors: 2 documents, 1 does not fit"
    assert lines[1].endswith("its values in unique index `by_name` are another's too")
    assert lines[2] == f"books: {BOOKS:,} documents, 21 do not fit"
    assert len(lines) == 3 + 20 + 1 + 1
    assert ".author: '" in lines[3]
    assert lines[3].endswith("is not an id of `authors`: it is an id of table `notes`")
    assert ".author: 'nobody' is not an id of `authors`" in lines[4]
    assert lines[-2] == "  … and 1 more"
    assert lines[-1] == "notes: 1 document, not in the schema"


def test_for_programs(verify: Command, tmp_path: Path) -> None:
    text = DEPLOYED.replace("born?: float", "born: float")
    text = text.replace("by_author: [author]", "by_author: [author, pages]")
    (tmp_path / "schema/app.yaml").write_text(text)
    code, out, _ = verify("--format", "json")
    assert code == 1
    lack, authors, books, _ = [json.loads(line) for line in out.splitlines()]
    assert lack == {
        "lacks": "index",
        "name": "books.by_author",
        "text": "it is another one there",
    }
    (named,) = authors.pop("named")
    assert authors == {"table": "authors", "known": True, "documents": 2, "misfits": 1}
    assert named["reason"] == "the required field `born` is missing"
    assert books == {
        "table": "books",
        "known": True,
        "documents": BOOKS,
        "misfits": 0,
        "named": [],
    }


def test_what_is_lacking(verify: Command, tmp_path: Path) -> None:
    text = DEPLOYED.replace(
        "    indexes: {by_name: [name]}\n",
        "    indexes:\n"
        "      by_name: [name]\n"
        "      by_born: [born]\n"
        "      by_later: {fields: [born, name], staged: true}\n"
        "    searchIndexes: {search_name: {field: name, filters: [born]}}\n",
    ).replace("{fields: [pages], staged: true}", "[pages]")
    (tmp_path / "schema/app.yaml").write_text(
        f"{text}  drafts:\n    fields: {{}}\n"
        "functions:\n"
        "  books:list: {kind: query}\n"
        "  tablewright:version: {kind: mutation}\n"
        "  tablewright:get: {kind: query, visibility: internal}\n"
    )
    code, out, _ = verify()
    assert code == 1
    assert out.splitlines()[:6] == [
        "index authors.by_born: no such index was pushed",
        "index authors.search_name: no such index was pushed",
        "index books.by_pages: it is staged there, and can't be asked",
        "table drafts: no such table was pushed",
        "function books:list: no such public query was pushed",
        "function tablewright:version: it is of another kind there: internal query",
    ]
    assert out.splitlines()[6] == "authors: 2 documents, all fit"


def test_what_to_look_at(verify: Command, tmp_path: Path) -> None:
    code, _, err = verify("--db", "sqlite:///app.db")
    assert code == 2
    assert "error[E502]: one of --db and --deployed says what to look at" in err
    assert codegen(["verify"], tmp_path)[0] == 2
    (tmp_path / ".env.local").unlink()
    code, _, err = verify()
    assert code == 2
    assert "error[E610]" in err


def test_a_deployment_that_refuses(verify: Command, tmp_path: Path) -> None:
    path = tmp_path / ".env.local"
    path.write_text(path.read_text().replace("carnitas|01", "carnitas|02"))
    code, out, err = verify()
    assert (code, out) == (2, "")
    assert "error[E612]" in err
