"""`codegen migrate`: functions of users change all documents of a table, each once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from codegen.runtime import Int64
from tests.cases.cases import codegen
from tests.engines.packages import package
from tests.engines.safety.places import Place

SCHEMA = """\
tables:
  users:
    fields: {name: str, age: float, born?: int, raw?: Any, tag?: str}
    indexes:
      by_age: [age, name]
      by_tag: {fields: [tag], unique: true}
"""

Migrate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def made(tmp_path: Path) -> Any:
    return package(tmp_path, SCHEMA, "migrated")


@pytest.fixture
def ids(made: Any, place: Place) -> list[str]:
    """Those of 250 users."""
    with made.server.connect(place.url) as db:
        return db.insert_many(made.UserNew(name=f"n{n}", age=n) for n in range(250))


@pytest.fixture
def migrate(tmp_path: Path, place: Place) -> Migrate:
    """Writes a file of functions, and runs it on the database."""

    def migrate(text: str, *options: str, name: str = "m1") -> tuple[int, str, str]:
        write(tmp_path, text, name)
        return codegen(["migrate", f"{name}.py", "--db", place.url, *options], tmp_path)

    return migrate


def write(folder: Path, text: str, name: str) -> None:
    head = "from codegen.migrations import DELETE, upgrade\n"
    (folder / f"{name}.py").write_text(head + dedent(text))


OLDER = """
@upgrade("users")
def older(user):
    if user["age"] % 2:
        return None
    if user["age"] % 10 == 0:
        return DELETE
    return user | {"age": user["age"] + 1000}
"""


def ages(made: Any, place: Place) -> list[float]:
    with made.server.connect(place.url) as db:
        return [user.age for user in db.run(made.users.by_age())]


EXPECTED = sorted(n if n % 2 else n + 1000 for n in range(250) if n % 2 or n % 10)


def test_documents_are_changed_once(
    migrate: Migrate, made: Any, ids: list[str], place: Place
) -> None:
    before = place.dump()
    code, out, errors = migrate(OLDER, "--dry-run", "--schema", "migrated.yaml")
    assert (code, errors) == (1, "")
    assert out.splitlines() == [
        "users: of 250 documents 100 would be changed, 25 deleted",
        "After it all would fit the schema of the project",
    ]
    assert place.dump() == before
    code, out, errors = migrate(OLDER, "--batch", "30")
    assert (code, errors) == (0, "")
    assert out == "users: of 250 documents 100 changed, 25 deleted\n"
    assert ages(made, place) == EXPECTED
    assert place.check(made) == 225
    done = place.trace()
    for options in ([], ["--dry-run"]):
        code, out, _ = migrate(OLDER, *options)
        assert code == 0
        assert out.startswith("users: m1 was done on ")
    assert place.trace() == done
    # Under another name it is another migration.
    code, out, _ = migrate(OLDER, name="m2")
    assert (code, out) == (0, "users: of 225 documents 100 changed, 0 deleted\n")


def test_values_keep_their_kinds(migrate: Migrate, made: Any, place: Place) -> None:
    raw = [1.0, 2.5, b"\x00\xff", float("nan"), -0.0, None, {"a": []}]
    with made.server.connect(place.url) as db:
        new = made.UserNew(name="a", age=1, born=7, raw=[*raw, Int64(9)])
        id = db.insert(new)
        before = db.get(id)
    code, _, errors = migrate("""
        from codegen.runtime import Int64

        @upgrade("users")
        def same(user):
            assert isinstance(user["raw"][-1], Int64) and isinstance(user["born"], Int64)
            assert type(user["raw"][0]) is float and type(user["raw"][2]) is bytes
            return {**user, "name": "b", "age": 3, "born": user["born"] + 1}
        """)
    assert (code, errors) == (0, "")
    with made.server.connect(place.url) as db:
        after = db.get(id)
    assert (after.name, after.age, after.born) == ("b", 3.0, 8)
    assert repr(after.raw) == repr(before.raw)
    assert after.creation_time == before.creation_time
    assert place.check(made) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return user | {'age': 'old'}", '.age: "old" is not float'),
        ("return user | {'nme': 'x'}", "there is no field `nme`"),
        ("return user | {'_id': 'x'}", "the function changed `_id`"),
        ("return user | {'_creationTime': 1.0}", "changed `_creationTime`"),
        ("return [user]", "the function returned no document, but list"),
        ("return user | {'raw': {1, 2}}", "set is not a value"),
        ("user['age'] = 5", "changed it and returned None: return the document"),
        ("return user | {'tag': 'x'}", "unique index `by_tag`"),
        ("return 1 / 0", "ZeroDivisionError: division by zero"),
        ("return user['nme']", "`users`: KeyError: 'nme'"),
        ("raise SystemError", "`users`: SystemError"),
        ("raise SystemExit", "`users`: SystemExit"),
        ("import sys; sys.exit('no')", "`users`: SystemExit: no"),
        ("import asyncio; raise asyncio.CancelledError", "`users`: CancelledError"),
    ],
)
def test_functions_that_fail(
    migrate: Migrate, ids: list[str], place: Place, body: str, reason: str
) -> None:
    text = f"@upgrade('users')\ndef change(user):\n    if user['age'] >= 50: {body}\n"
    before = place.dump()
    code, out, errors = migrate(text)
    assert (code, out) == (2, "")
    failed = ids[51] if "unique" in reason else ids[50]
    assert f"error[E604]: document {failed} of table `users`" in errors
    assert reason in errors
    assert "its batch was undone" in errors
    assert place.dump() == before


def test_a_traceback_begins_in_the_file(
    migrate: Migrate, ids: list[str], tmp_path: Path
) -> None:
    (tmp_path / "beside.py").write_text("def divide(n):\n    return 1 / n\n")
    text = """
        from beside import divide

        @upgrade("users")
        def change(user):
            return divide(user["age"])
        """
    code, _, errors = migrate(text)
    assert code == 2
    assert "ZeroDivisionError" in errors and 'beside.py", line 2' in errors
    assert "codegen/engines" not in errors


def test_a_function_that_exits(
    migrate: Migrate, made: Any, ids: list[str], place: Place
) -> None:
    text = """
        @upgrade("users")
        def leaves(user):
            if user["age"] == 120: raise SystemExit
            return user | {"age": user["age"] + 1000}
        """
    code, _, errors = migrate(text, "--dry-run")
    assert code == 2 and "nothing was changed" in errors
    code, _, errors = migrate(text, "--batch", "50")
    assert code == 2
    assert 'm1.py", line 5, in leaves' in errors
    assert "its batch was undone, those before it are kept" in errors
    assert [age >= 1000 for age in ages(made, place)].count(True) == 100


def test_what_is_kept_is_told_where_something_ran(
    migrate: Migrate, ids: list[str], tmp_path: Path
) -> None:
    text = "@upgrade('users')\ndef f(user): return user | {'age': 1 / 0}\n"
    code, _, errors = migrate(text, "--batch", "50")
    assert code == 2
    assert "its batch was undone: mend it and run it again" in errors
    code, _, errors = codegen(["migrate", "m1.py", "--db", "sqlite:///no.db"], tmp_path)
    assert code == 2
    assert "no.db does not exist" in errors and "kept" not in errors


def test_it_goes_on_after_a_mended_function(
    migrate: Migrate, made: Any, ids: list[str], place: Place
) -> None:
    text = """
        @upgrade("users")
        def change(user):
            if user["age"] == 120: raise LookupError(user["name"])
            return user | {"age": user["age"] + 1000}
        """
    code, _, errors = migrate(text, "--batch", "50")
    assert code == 2 and "LookupError: n120" in errors
    assert [age >= 1000 for age in ages(made, place)].count(True) == 100
    mended = text.replace("if user", "if False and user")
    code, out, _ = migrate(mended, "--dry-run")
    assert out.startswith("users: of 150 documents 150 would be changed")
    code, out, _ = migrate(mended, "--batch", "50")
    assert (code, out) == (0, "users: of 250 documents 250 changed, 0 deleted\n")
    assert ages(made, place) == [n + 1000 for n in range(250)]
    assert place.check(made) == 250


def test_a_dry_run_names_what_would_not_fit(
    migrate: Migrate, ids: list[str], tmp_path: Path
) -> None:
    text = "@upgrade('users')\ndef f(user): return user | {'age': str(user['age'])}\n"
    code, out, errors = migrate(text, "--dry-run")
    assert code == 2
    assert "users: 250 documents, 250 do not fit" in errors
    assert f"{ids[0]}: .age: " in errors and "… and 230 more" in errors
    narrow = SCHEMA.replace("age: float", 'age: "Annotated[float, Ge(100)]"')
    (tmp_path / "narrow.yaml").write_text(narrow)
    code, out, errors = migrate(OLDER, "--dry-run", "--schema", "narrow.yaml")
    assert (code, errors) == (1, "")
    assert "After it these would not fit the schema of the project:" in out
    assert "users: 225 documents, 50 do not fit" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", 'has no functions for tables: mark them with `@upgrade("table")`'),
        ("@upgrade\ndef f(d): return d", "@upgrade needs the name of the table"),
        ("@upgrade('user')\ndef f(d): return d", "has no table `user`"),
        ("@upgrade('a')\ndef f(d): ...\n@upgrade('a')\ndef f(d): ...", "2 functions"),
        ("import nothing_like_it", "can't be run: ModuleNotFoundError"),
        ("def f(:", "can't be run"),
        ("raise SystemExit", "can't be run: SystemExit"),
    ],
)
def test_files_that_are_no_migrations(
    migrate: Migrate, ids: list[str], text: str, said: str
) -> None:
    code, out, errors = migrate(text)
    assert (code, out) == (2, "")
    assert "error[E604]" in errors and said in errors


def test_no_file_and_no_batch(ids: list[str], tmp_path: Path, place: Place) -> None:
    code, _, errors = codegen(["migrate", "no.py", "--db", place.url], tmp_path)
    assert code == 2 and "there is no file no.py" in errors
    argv = ["migrate", "no.py", "--db", place.url, "--batch", "0"]
    code, _, errors = codegen(argv, tmp_path)
    assert code == 2 and "--batch takes a number from 1" in errors


def test_a_kill_in_the_middle(
    made: Any, ids: list[str], place: Place, tmp_path: Path
) -> None:
    """Each function call adds one: a document that is met twice would show it."""
    text = """
        import pathlib, time

        @upgrade("users")
        def change(user):
            pathlib.Path("going").touch()
            time.sleep(0.002)
            return user | {"age": user["age"] + 1000}
        """
    write(tmp_path, text, "slow")
    command = ["-m", "codegen", "migrate", "slow.py", "--db", place.url, "--batch", "7"]
    kills = 0
    while True:
        (tmp_path / "going").unlink(missing_ok=True)
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.DEVNULL,
        )
        while process.poll() is None and not (tmp_path / "going").exists():
            time.sleep(0.01)
        time.sleep(0.12)
        if kills == 3:
            assert process.wait(60) == 0
            break
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        kills += 1
        done = [age for age in ages(made, place) if age >= 1000]
        assert len(done) % 7 == 0 and len(done) < 250
    assert ages(made, place) == [n + 1000 for n in range(250)]
    assert place.check(made) == 250


@pytest.mark.parametrize(("batch", "seconds"), [(20, 0), (125, 0.002)])
def test_beside_a_running_program_and_another_migration(
    batch: int,
    seconds: float,
    migrate: Migrate,
    made: Any,
    ids: list[str],
    place: Place,
    tmp_path: Path,
) -> None:
    """Also in large and slow batches, of which the program changes some document all the time."""
    text = f"""
        import time
        @upgrade("users")
        def change(user):
            time.sleep({seconds})
            return user | {{"age": user["age"] + 1000}} if user["age"] < 1000 else None
        """
    write(tmp_path, text, "twice")
    argv = [sys.executable, "-m", "codegen", "migrate", "twice.py", "--db", place.url]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = threading.Event()
    counts = [0] * 5

    def count() -> None:
        """Adds to the names: the migration must not take anything back."""
        with made.server.connect(place.url) as db:
            while not ended.is_set():
                for number in range(5):
                    id = ids[number * 50]

                    def add(db: Any, id: Any = id) -> None:
                        name = f"{db.get(id).name}+"
                        db.patch(id, made.UserPatch(name=name))

                    db.transact(add)
                    counts[number] += 1

    program = threading.Thread(target=count)
    program.start()
    two = [
        subprocess.Popen([*argv, "--batch", str(batch)], cwd=tmp_path, env=env)
        for _ in range(2)
    ]
    codes = [process.wait(60) for process in two]
    ended.set()
    program.join()
    assert codes == [0, 0]
    with made.server.connect(place.url) as db:
        users = [db.get(id) for id in ids]
    assert [user.age for user in users] == [n + 1000 for n in range(250)]
    assert [user.name.count("+") for user in users[::50]] == counts
    assert place.check(made) == 250


def test_as_json(migrate: Migrate, ids: list[str]) -> None:
    code, out, errors = migrate(OLDER, "--format", "json")
    assert (code, errors) == (0, "")
    assert json.loads(out) == {
        "table": "users",
        "documents": 250,
        "changed": 100,
        "deleted": 25,
        "misfits": 0,
    }
