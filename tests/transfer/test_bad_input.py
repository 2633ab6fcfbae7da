"""What can't be imported is named with file and line, and changes nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import ModuleType

import pytest

from codegen.cli.main import run
from codegen.engines.ids import encode, random_bytes
from tests.cases.cases import codegen
from tests.transfer.contents import check_sound, contents, done

SCHEMA = """
tables:
  people:
    fields:
      name: str
      email?: str
      age?: int
    indexes:
      by_email: {fields: [email], unique: true}
"""
TIME = 1_700_000_000_000.25


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path, models: ModuleType) -> str:
    """A database with one person."""
    url = f"sqlite:///{tmp_path}/app.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with models.server.connect(url) as db:
        db.insert(models.PersonNew(name="Ada", email="ada@example.org"))
    return url


def line(**fields: object) -> str:
    return json.dumps(fields)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "it is not JSON: "),
        ('{"name":1,', "it is not JSON: Expecting property name"),
        ('{"name":1,', "in double quotes at 11\n"),
        ('{"name":1,\r', "in double quotes at 11\n"),
        ('{"name":"a","name":"b"}', '"name" is there twice in an object\n'),
        ('{"name":[{"é":1,"é":1}]}', '"\\u00e9" is there twice in an object\n'),
        ("[]", "it is not a JSON object"),
        ('{"name": NaN}', "it is not JSON: NaN"),
        ('{"name": 1}', "at .name: 1.0 is not str"),
        ('{"name": "x", "age": 1}', "at .age: 1.0 is not int"),
        ('{"name": "x", "age": {"$integer": "AA=="}}', "`$integer` needs 8 bytes"),
        (
            '{"name": "\\ud800"}',
            'at .name: it holds "\\ud800", half of a surrogate pair',
        ),
        (
            '{"name": "x", "\\ud800": 1}',
            ': it holds "\\ud800", half of a surrogate pair',
        ),
        ('{"name": "x", "more": 1}', "there is no field `more`"),
        ('{"age": null}', "`name` is missing"),
        ('{"name": "x", "_creationTime": -1}', "`_creationTime` is no time"),
        ('{"name": "x", "_creationTime": 1e999}', "`_creationTime` is no time"),
        ('{"name": "x", "_creationTime": "now"}', "`_creationTime` is no time"),
        ('{"name": "x", "_id": 5}', "`_id` is no text"),
        ('{"name": "x", "_id": "j97"}', "is not an id of table `people`"),
        (line(name="x", email="ada@example.org"), "unique index `by_email`"),
        (line(name="x" * (1 << 20)), "of at most 1,048,576"),
        (f'{{"name": {nested(100_000)}}}', "nested too deeply"),
    ],
)
def test_a_bad_line(url: str, tmp_path: Path, bad: str, reason: str) -> None:
    before = contents(url)
    lines = [line(name="good"), "", bad, line(name="good")]
    (tmp_path / "people.jsonl").write_text("\n".join(lines))
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    code, out, errors = codegen(argv, tmp_path)
    assert code == 1
    assert out.startswith("people.jsonl:3: ")
    assert reason in out
    assert "1 document does not fit, and nothing was imported" in errors
    assert contents(url) == before


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"name": "a", "name": "b"}', '"name" is there twice in an object\n'),
        ('{"name": [{"a": 1, "a": 1}]}', '"a" is there twice in an object\n'),
        ('{"name": NaN}', "it is not JSON: NaN\n"),
        (f'{{"name": {"9" * 5_000}}}', "inf is not a number of JSON\n"),
        ('{"name": "\\ud800"}', 'at .name: it holds "\\ud800"'),
        ("[]", "it is not a JSON object\n"),
        ("5", "it is not a JSON object\n"),
    ],
)
def test_a_bad_item_of_an_array(
    url: str, tmp_path: Path, bad: str, reason: str
) -> None:
    before = contents(url)
    good = line(name="good, ]")
    (tmp_path / "people.json").write_text(f"\n[ {good},\n{good}\t, {bad} ,{good}]\n")
    argv = ["import-data", "--db", url, "people.json", "--mode", "append"]
    code, out, errors = codegen(argv, tmp_path)
    assert code == 1
    assert out.startswith("people.json:3: ")
    assert reason in out
    assert "1 document does not fit, and nothing was imported" in errors
    assert contents(url) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["[]", " [ ] ", '[{"name": "é"},{\n"name": "]"\n}]'])
def test_arrays(url: str, tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "people.json").write_text(text, encoding)
    done(["import-data", "--db", url, "people.json", "--mode", "replace"], tmp_path)
    names = [json.loads(one) for one in contents(url)["people"]["by_creation_time"]]
    wanted = [one["name"] for one in json.loads(text)]
    assert [one["name"] for one in names] == wanted


def test_all_faults_are_counted(url: str, tmp_path: Path) -> None:
    before = contents(url)
    lines = [line(name=None if n % 2 else "x") for n in range(3000)]
    (tmp_path / "people.jsonl").write_text("\n".join(lines))
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "replace"]
    code, out, errors = codegen(argv, tmp_path)
    assert code == 1
    assert "1,500 documents do not fit" in errors
    *named, more = out.splitlines()
    places = [f"people.jsonl:{n}:" for n in range(2, 42, 2)]
    assert [text.split(" ")[0] for text in named] == places
    assert more == "… and 1,480 more"
    code, out, _ = codegen([*argv, "--format", "json"], tmp_path)
    assert code == 1
    faults = [json.loads(text) for text in out.splitlines()]
    assert faults[0] == {"place": "people.jsonl:2", "fault": faults[0]["fault"]}
    assert "null" in faults[0]["fault"].lower() or "None" in faults[0]["fault"]
    assert contents(url) == before


def test_documents_that_are_there_twice(url: str, tmp_path: Path) -> None:
    stored = json.loads(contents(url)["people"]["by_creation_time"][0])
    number = 10_001
    one = encode(number, random_bytes(TIME))
    lines = [
        line(_id=stored["_id"], name="there already"),
        line(_id=one, name="first"),
        line(_id=one, name="second"),
        line(name="third", email="one"),
        line(name="fourth", email="one"),
    ]
    (tmp_path / "people.jsonl").write_text("\n".join(lines))
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    code, out, _ = codegen(argv, tmp_path)
    assert code == 1
    places = [text.split(" ")[0] for text in out.splitlines()]
    assert places == ["people.jsonl:1:", "people.jsonl:3:", "people.jsonl:5:"]


def test_a_document_with_two_faults_is_one(url: str, tmp_path: Path) -> None:
    (stored,) = contents(url)["people"]["by_creation_time"]
    (tmp_path / "people.jsonl").write_text(stored)
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    code, out, errors = codegen(argv, tmp_path)
    assert code == 1
    assert out.count("\n") == 1 and " the id " in out
    assert "1 document does not fit" in errors


def test_a_document_that_comes_again_much_later(url: str, tmp_path: Path) -> None:
    id = encode(10_001, random_bytes(TIME))
    lines = [line(name=str(n), _id=id if n in (3, 2000) else None) for n in range(2500)]
    text = "\n".join(lines).replace(', "_id": null', "")
    (tmp_path / "people.jsonl").write_text(text)
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    code, out, _ = codegen(argv, tmp_path)
    assert (code, out.split(" ")[0]) == (1, "people.jsonl:2001:")


def as_zip(path: Path, entries: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def spoil(path: Path) -> None:
    """Changes a byte of what is packed, not of the lists."""
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)


GOOD = {"people/documents.jsonl": "".join(line(name=str(n)) + "\n" for n in range(900))}


@pytest.mark.parametrize(
    ("entries", "change", "reason"),
    [
        (GOOD, cut, "is no zip file, or damaged"),
        (GOOD, spoil, "is no zip file, or damaged"),
        ({"readme": "x"}, None, "has no documents of tables"),
        ({"people/documents.jsonl": "", "a/people/documents.jsonl": ""}, None, "twice"),
        (
            GOOD | {"people/generated_schema.jsonl": '{"name": "string"}\n'},
            None,
            "an export of an older Convex",
        ),
        (
            GOOD | {"_tables/documents.jsonl": '{"name": "people"}\n'},
            None,
            "bad.zip/_tables/documents.jsonl:1: no table and its number",
        ),
        (GOOD | {"pets/documents.jsonl": line(name="x")}, None, "table `pets` is not"),
        (
            GOOD | {"people/documents.jsonl": "x" * (17 << 20)},
            None,
            "bad.zip/people/documents.jsonl:1: a line longer than 16 MiB",
        ),
    ],
)
def test_a_bad_zip(
    url: str,
    tmp_path: Path,
    entries: dict[str, str],
    change: Callable[[Path], None] | None,
    reason: str,
) -> None:
    before = contents(url)
    as_zip(tmp_path / "bad.zip", entries)
    if change:
        change(tmp_path / "bad.zip")
    argv = ["import-data", "--db", url, "bad.zip", "--mode", "replace"]
    code, out, errors = codegen(argv, tmp_path)
    assert (code, out) == (2, "")
    assert "error[E602]: " in errors
    assert reason in errors
    assert contents(url) == before


@pytest.mark.parametrize(
    ("argv", "code", "reason"),
    [
        (["nothing.jsonl"], "E550", "nothing.jsonl: No such file"),
        (["people.csv"], "E602", "people.csv is no folder, and no .jsonl"),
        (["empty"], "E602", "there is no .jsonl file in empty"),
        (
            ["people.jsonl", "--table", "pets"],
            "E602",
            "table `pets` is not in the schema",
        ),
        (["people.jsonl", "--table", "peoples"], "E602", "did you mean `people`?"),
        (["-"], "E602", "standard input has one table"),
        (["array.json"], "E602", "array.json: it is no array of documents"),
        (["empty.json"], "E602", "empty.json: it is no array of documents"),
        (
            ["open.json", "--table", "people"],
            "E602",
            "open.json: it is not JSON: Expecting ',' delimiter",
        ),
        (
            ["comma.json", "--table", "people"],
            "E602",
            "comma.json: it is not JSON: Expecting value",
        ),
        (
            ["more.json", "--table", "people"],
            "E602",
            "more.json: it is not JSON: Extra data: line 1 column",
        ),
        (["latin.json"], "E602", "latin.json: it is not JSON: 'utf-8' codec"),
        (
            ["deep.json", "--table", "people"],
            "E602",
            "deep.json:2: it is nested too deeply",
        ),
    ],
)
def test_a_bad_path(
    url: str, tmp_path: Path, argv: list[str], code: str, reason: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "people.csv").write_text("name")
    (tmp_path / "people.jsonl").write_text(line(name="A"))
    (tmp_path / "array.json").write_text("{}")
    (tmp_path / "empty.json").write_text(" ")
    (tmp_path / "open.json").write_text('[{"name": "A"}')
    (tmp_path / "comma.json").write_text('[{"name": "A"},]')
    (tmp_path / "more.json").write_text('[{"name": "A"}] []')
    (tmp_path / "latin.json").write_bytes(b'[{"name": "\xe9"}]')
    (tmp_path / "deep.json").write_text(f'[{{"name": "A"}}, {nested(100_000)}]')
    command = ["import-data", "--db", url, *argv, "--mode", "append"]
    found, out, errors = codegen(command, tmp_path)
    assert (found, out) == (2, "")
    assert f"error[{code}]: " in errors
    assert reason in errors


@pytest.mark.parametrize("command", ["export-data", "import-data", "backup"])
@pytest.mark.parametrize(
    "place", ["sqlite://", "mysql://x", "sqlite:///no/such/folder/app.db"]
)
def test_a_bad_database(tmp_path: Path, command: str, place: str) -> None:
    (tmp_path / "people.jsonl").write_text(line(name="A"))
    path = "people.jsonl" if command == "import-data" else "out"
    code, out, errors = codegen([command, "--db", place, path], tmp_path)
    assert (code, out) == (2, "")
    assert "error[E60" in errors
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("time", ["-1", "nan", "inf", "soon"])
def test_a_wait_has_an_end(time: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        run(["backup", "--db", "sqlite://", "out", f"--timeout-ms={time}"])
    assert refused.value.code == 2
    assert f"'{time}' is no time in milliseconds" in capsys.readouterr().err


def test_a_copy_into_itself(url: str, tmp_path: Path) -> None:
    """On a server its reader and its writer would wait for each other."""
    before = contents(url)
    code, _, errors = codegen(["copy", url, url, "--mode", "replace"], tmp_path)
    assert code == 2
    assert "FROM and TO are the same" in errors
    assert contents(url) == before


@pytest.mark.parametrize(
    "option",
    ["&application_name=other", "%20-ctimezone%3DAsia%2FTokyo%20-cdatestyle%3Dgerman"],
)
def test_a_copy_into_itself_by_another_name(
    url: str, tmp_path: Path, option: str
) -> None:
    other = f"{url}{option}"
    if url.startswith("sqlite"):
        (tmp_path / "link").symlink_to(tmp_path)
        other = f"sqlite:///{tmp_path}/link/app.db"
    before = contents(url)
    start = monotonic()
    for argv in ([url, other], [other, url, "--mode", "replace"]):
        code, _, errors = codegen(["copy", *argv], tmp_path)
        assert code == 2
        assert "FROM and TO are the same" in errors
    assert monotonic() - start < 20
    assert contents(url) == before


def test_what_is_there_is_not_written_over(url: str, tmp_path: Path) -> None:
    for name in ("old.zip", "old.jsonl", "old"):
        (tmp_path / name).write_text("mine")
        argv = ["export-data", "--db", url, name, "--table", "people"]
        code, _, errors = codegen(argv, tmp_path)
        assert code == 2
        assert f"{name} exists" in errors
        assert (tmp_path / name).read_text() == "mine"
    assert not list(tmp_path.glob("*.part"))


def test_good_lines_are_imported(url: str, tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(line(name="A") + "\n\n" + line(name="B"))
    argv = ["import-data", "--db", url, "people.jsonl", "--mode", "append"]
    assert done(argv, tmp_path) == "people: 2 documents\n"
    check_sound(url)
