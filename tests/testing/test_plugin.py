"""pytest with the plugin, in projects of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cases.cases import codegen
from tests.typing.checkers import ROOT

SCHEMA = """
tables:
  users:
    fields: {name: str}
  tasks:
    fields: {title: str, owner: "Id[users]"}
    indexes: {by_owner: [owner]}
"""
# Whether or not this environment knows the entry point, the plugin is that of this checkout.
PLUGIN = ("-p", "no:tablewright", "-p", "codegen.testing.plugin")


@dataclass(frozen=True)
class Project:
    root: Path

    def write(self, **files: str) -> None:
        """Writes modules by their names; `__` stands for a folder."""
        for name, text in files.items():
            path = self.root / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def configure(self, text: str) -> None:
        (self.root / "pyproject.toml").write_text(text, "utf-8")

    def pytest(self, *arguments: str) -> str:
        done = subprocess.run(
            [Path(sys.executable).with_name("pytest"), *PLUGIN, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""},
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a package of the schema, which its tests can import."""
    made = Project(tmp_path)
    generate(tmp_path, "app/generated")
    made.configure("""
[tool.codegen]
output = "app/generated"
[tool.pytest.ini_options]
pythonpath = ["."]
""")
    return made


def generate(folder: Path, output: str) -> None:
    (folder / "schema.yaml").write_text(SCHEMA, "utf-8")
    argv = ["generate", "--schema", "schema.yaml", "--output", output]
    code, _, errors = codegen(argv, folder)
    assert code == 0, errors


def outcome(said: str) -> str:
    """`2 passed, 1 failed`"""
    found = re.findall(r"^=* ?(.*?) in [\d.]+s", said, re.MULTILINE)
    assert found, said
    return str(found[-1])


USES_BOTH = """
import pytest
from app.generated import TaskNew, UserNew, tasks, users

@pytest.mark.parametrize("n", range(3))
def test_begins_empty(db, make, n):
    assert db.run(tasks.full_scan()) == []
    task = db.get(make.insert(db, TaskNew, title="x"))
    assert task.title == "x"
    assert [user.id for user in db.run(users.full_scan())] == [task.owner]

def test_undone_although_it_failed(db):
    db.insert(UserNew(name="ada"))
    raise ValueError("on purpose")

def test_after_that(db):
    assert db.run(users.full_scan()) == []

def test_transactions_of_the_program(db):
    with pytest.raises(KeyError), db.transaction():
        db.insert(UserNew(name="ada"))
        raise KeyError
    assert db.run(users.full_scan()) == []
    db.transact(lambda db: db.insert(UserNew(name="bob")))
    assert [user.name for user in db.run(users.full_scan())] == ["bob"]
"""


def test_each_test_has_an_empty_database(project: Project) -> None:
    project.write(test_tasks=USES_BOTH)
    said = project.pytest()
    assert outcome(said) == "1 failed, 5 passed", said
    assert "ValueError: on purpose" in said


def test_a_test_makes_the_same_documents_again(project: Project) -> None:
    project.write(test_tasks="""
from app.generated import UserNew

def test_a(make):
    print("made", [one.name for one in make.batch(UserNew, 3)])

def test_b(make):
    print("made", [one.name for one in make.batch(UserNew, 3)])
""")

    def made(*arguments: str) -> list[str]:
        return re.findall(r"made (.*)", project.pytest("-s", *arguments))

    first, second = made()
    assert first != second
    assert made("-k", "test_b") == [second]


def test_the_projects_own_fixtures_win(project: Project) -> None:
    project.write(
        conftest="""
import pytest

@pytest.fixture
def db(): return "conftest's"
""",
        test_tasks="""
import pytest

@pytest.fixture
def make(): return "the module's"

def test_own(db, make, tablewright_db):
    assert db == "conftest's" and make == "the module's"
    assert tablewright_db is not db
""",
    )
    assert outcome(project.pytest()) == "1 passed"


def test_fixtures_of_other_plugins_win(project: Project) -> None:
    project.write(
        other_plugin="""
import pytest

@pytest.fixture
def db(): return "the other plugin's"
""",
        test_tasks="""
def test_own(db, make):
    assert db == "the other plugin's" and make is not None
""",
    )
    assert outcome(project.pytest("-p", "other_plugin")) == "1 passed"


def test_nothing_is_imported_before_a_fixture_is_used(project: Project) -> None:
    project.write(test_other="""
import sys

def test_other(pytestconfig):
    ours = {m for m in sys.modules if m.partition(".")[0] == "codegen"}
    assert ours == {"codegen", "codegen.testing", "codegen.testing.plugin"}
    assert "pydantic" not in sys.modules and "sqlite3" not in sys.modules
""")
    assert outcome(project.pytest()) == "1 passed"


ONE = """
def test_one(db): pass
def test_other(): pass
"""


def nothing(project: Project) -> None:
    project.configure("[tool.codegen]\noutput = 'lib/models'\n")


def nowhere(project: Project) -> None:
    generate(project.root, "app/models_of_it")
    project.configure("[tool.codegen]\noutput = 'app/models_of_it'\n")


def shadowed(project: Project) -> None:
    project.write(tests__generated="")
    project.configure("[tool.codegen]\noutput = 'app/generated'\n")


def misspelt(project: Project) -> None:
    project.configure(
        "[tool.pytest.ini_options]\ntablewright_package = 'app.generatd'\n"
    )


def strange(project: Project) -> None:
    project.configure("[tool.pytest.ini_options]\ntablewright_package = 'json'\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (nothing, ["lib/models: run `codegen generate`", "tablewright_package"]),
        (nowhere, ["can't be imported: add", "pythonpath", "tablewright_package"]),
        (shadowed, ["does not lead to", "app/generated but to", "tests/generated.py"]),
        (misspelt, ["`app.generatd` can't be imported"]),
        (strange, ["`json` is not a package that `codegen generate` made"]),
    ],
)
def test_a_package_that_is_not_there(
    project: Project, spoil: Callable[[Project], None], words: list[str]
) -> None:
    project.write(tests__test_one=ONE)
    spoil(project)
    said = project.pytest()
    assert outcome(said) == "1 passed, 1 error", said
    assert "Traceback" not in said and "During handling" not in said
    for part in words:
        assert part in said, said


@pytest.mark.parametrize("option", ["", "tablewright_package = 'shop.generated'"])
def test_a_package_below_src(tmp_path: Path, option: str) -> None:
    project = Project(tmp_path)
    generate(tmp_path, "src/shop/generated")
    project.write(src__shop____init__="", tests__test_one=ONE)
    project.configure(f"""
[tool.codegen]
output = "src/shop/generated"
[tool.pytest.ini_options]
pythonpath = ["src"]
{option}
""")
    assert outcome(project.pytest()) == "2 passed"


def test_a_project_with_two_packages(project: Project) -> None:
    generate(project.root, "app/second")
    module = """
import importlib, pytest
from app.{name} import UserNew, users

@pytest.fixture(scope="session")
def tablewright_package():
    return importlib.import_module("app.{name}")

def test_it(db, make):
    db.insert(make(UserNew))
    assert type(db.run(users.full_scan())[0]).__module__ == "app.{name}.tables.users"
"""
    project.write(
        test_a=module.format(name="generated"),
        test_b=module.format(name="second"),
        test_c=module.format(name="generated"),
    )
    assert outcome(project.pytest()) == "3 passed"


def test_another_thread_does_not_wait_for_ever(project: Project) -> None:
    project.write(test_tasks="""
from concurrent.futures import ThreadPoolExecutor

import pytest
from codegen.runtime import Conflict
from app.generated import UserNew

def test_threads(db, make):
    with ThreadPoolExecutor() as pool, pytest.raises(Conflict):
        pool.submit(db.insert, make(UserNew)).result()
""")
    assert outcome(project.pytest()) == "1 passed"
