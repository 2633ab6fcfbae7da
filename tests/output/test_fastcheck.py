"""The fast check never calls clean what the full check does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.output.disk import STAGING
from codegen.output.fastcheck import clean
from codegen.output.generator import generator_digest
from tests.output.toy_project import MANIFEST, PYPROJECT, Git, ToyProject, toy_project

Change = Callable[[ToyProject], object]


def change(path: str, text: str) -> Change:
    return lambda toy: toy.put(path, text)


def remove(path: str) -> Change:
    return lambda toy: (toy.root / path).unlink()


def upgrade(toy: ToyProject) -> None:
    toy.generator = "toy 2"


CHANGES: dict[str, Change] = {
    "an input edited": change("schema/types.txt", "Name=int\n"),
    "an input added": change("schema/t_pets.txt", "name:Name\n"),
    "an input added in a folder": change("schema/more/t_pets.txt", "name:Name\n"),
    "an input removed": remove("schema/t_users.txt"),
    "a file edited": change("generated/types.py", "by hand\n"),
    "a file emptied": change("generated/types.py", ""),
    "an empty file filled": change("generated/py.typed", "partial\n"),
    "a file removed": remove("generated/py.typed"),
    "a file added": change("generated/tables/mine.py", "x = 1\n"),
    "a file added in a folder": change("generated/new/mine.py", "x = 1\n"),
    "the manifest removed": remove(MANIFEST),
    "the manifest emptied": change(MANIFEST, ""),
    "our configuration": change("pyproject.toml", PYPROJECT.replace('"Ms"', '"date"')),
    "another output": change(
        "pyproject.toml", PYPROJECT + '[tool.codegen]\noutput="x"'
    ),
    "another schema": change("pyproject.toml", '[tool.codegen]\nschema = "s"\n'),
    "the generator": upgrade,
    "an interrupted run": lambda toy: (toy.root / "generated" / STAGING).mkdir(),
}


def test_nothing_changed(toy: ToyProject, git: Git) -> None:
    assert toy.certainly_clean()
    assert toy.certainly_clean(staged=True)


@pytest.mark.parametrize("name", CHANGES)
def test_any_change_is_a_doubt(toy: ToyProject, git: Git, name: str) -> None:
    CHANGES[name](toy)
    assert not toy.certainly_clean()
    git("add", "-A")
    assert not toy.certainly_clean(staged=True)


def test_what_is_not_ours_to_see_is_no_doubt(toy: ToyProject, git: Git) -> None:
    toy.put("pyproject.toml", PYPROJECT.replace("x = 1", "x = 2"))
    toy.put("README.md", "hello\n")
    for folder in ("schema", "generated", "generated/tables"):
        toy.put(f"{folder}/.hidden", "")
        toy.put(f"{folder}/__pycache__/x.pyc", "")
    git("add", "-fA")
    assert toy.certainly_clean()
    assert toy.certainly_clean(staged=True)


def test_intended_files_are_not_staged(toy: ToyProject, git: Git) -> None:
    git("rm", "-q", "--cached", "generated/py.typed")
    git("add", "-N", "generated/py.typed")
    assert toy.certainly_clean()
    assert not toy.certainly_clean(staged=True)


def test_a_project_in_a_subfolder(toy: ToyProject, git: Git) -> None:
    sub = toy_project(toy.root / "sub folder")
    sub.generate()
    git("add", "-A")
    assert sub.certainly_clean() and sub.certainly_clean(staged=True)
    sub.put("generated/types.py", "by hand\n")
    git("add", "-A")
    assert not sub.certainly_clean(staged=True)
    assert toy.certainly_clean(staged=True)


@pytest.mark.parametrize(
    "words", [[], ["generate"], ["check", "--json"], ["check", "-h"], ["--staged"]]
)
def test_other_commands_are_not_ours(toy: ToyProject, words: list[str]) -> None:
    assert not clean(words, str(toy.root))


def test_a_folder_without_a_project(tmp_path: Path) -> None:
    assert not clean(["check"], str(tmp_path))
    assert not clean(["check", "--staged"], str(tmp_path))


def test_a_project_without_our_configuration_may_belong_to_one_above(
    toy: ToyProject,
) -> None:
    toy.put("pyproject.toml", "[project]\n")
    toy.generate(force=True)
    assert not toy.certainly_clean()


def test_a_schema_folder_that_becomes_a_file(toy: ToyProject) -> None:
    for path in (toy.root / "schema").iterdir():
        path.unlink()
    (toy.root / "schema").rmdir()
    toy.put("schema", "")
    assert not toy.certainly_clean()


def test_it_loads_nothing_but_itself() -> None:
    code = (
        "import sys; import os, hashlib; before = set(sys.modules)\n"
        "import codegen.output.fastcheck\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path[:] = {sys.path!r}; {code}",
    ]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert [name for name in loaded.split() if not name.startswith("codegen")] == []


def test_the_generator_is_known_by_its_source_and_templates(tmp_path: Path) -> None:
    for part in ("language", "ir", "python", "output", "project", "interop"):
        (tmp_path / part).mkdir()
    for name in ("diagnostics.py", "codes.py", "python/a.jinja", "ir/b.py", "ir/c.txt"):
        (tmp_path / name).write_bytes(b"one\n")
    digest = generator_digest(str(tmp_path))
    (tmp_path / "ir/c.txt").write_bytes(b"two\n")
    (tmp_path / "ir/b.py").write_bytes(b"one\r\n")
    assert generator_digest(str(tmp_path)) == digest
    (tmp_path / "python/a.jinja").write_bytes(b"two\n")
    assert generator_digest(str(tmp_path)) != digest
    assert len(generator_digest()) == 64


NAMES = ["types.py", "tables/users.py", "tables/pets.py", "py.typed", "x/y.py"]
TEXTS = ["", "\n", "Name=int\n", "Name=Optional[str]\nMs=float\n", "a:Name\nb:Ms\n"]
SCHEMAS = ["types.txt", "t_users.txt", "t_pets.txt", "more/t_a.txt", "README"]
MUTATIONS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(SCHEMAS), st.sampled_from(TEXTS)),
    st.tuples(st.just("drop"), st.sampled_from(SCHEMAS), st.just("")),
    st.tuples(st.just("edit"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("erase"), st.sampled_from(NAMES), st.just("")),
    st.tuples(
        st.just("crlf"), st.sampled_from([*NAMES, "_manifest.json"]), st.just("")
    ),
    st.tuples(st.just("config"), st.just(""), st.sampled_from(["Ms", "date", "time"])),
    st.tuples(st.just("upgrade"), st.just(""), st.sampled_from(["toy 1", "toy 2"])),
    st.tuples(st.just("line"), st.just(""), st.integers(0, 30).map(str)),
    st.tuples(st.just("generate"), st.just(""), st.just("")),
)


def mutate(toy: ToyProject, mutation: tuple[str, str, str]) -> None:
    kind, path, text = mutation
    if kind == "put":
        toy.put(f"schema/{path}", text)
    elif kind == "edit":
        toy.put(f"generated/{path}", text)
    elif kind in ("drop", "erase"):
        folder = "schema" if kind == "drop" else "generated"
        (toy.root / folder / path).unlink(missing_ok=True)
    elif kind == "crlf":
        file = toy.root / "generated" / path
        if file.exists():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    elif kind == "config":
        toy.put("pyproject.toml", PYPROJECT.replace('"Ms"', f'"{text}"'))
    elif kind == "upgrade":
        toy.generator = text
    elif kind == "line":
        file = toy.root / MANIFEST
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[: int(text)] + lines[int(text) + 1 :]))
    else:
        toy.generate(force=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(MUTATIONS, max_size=5))
def test_fast_never_says_clean_where_the_full_check_says_drift(
    mutations: list[tuple[str, str, str]],
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        toy = toy_project(Path(folder))
        patch.setattr(
            "codegen.output.fastcheck.generator_digest", lambda: toy.generator
        )
        toy.generate()
        for mutation in mutations:
            mutate(toy, mutation)
        if toy.certainly_clean():
            assert toy.drifts() == []
        toy.generate(force=True)
        assert [drift for drift in toy.drifts() if drift.owned] == []
        assert toy.certainly_clean() == (toy.drifts() == [])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(MUTATIONS, st.booleans()), min_size=1, max_size=4))
def test_the_same_for_what_is_staged(
    mutations: list[tuple[tuple[str, str, str], bool]],
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        toy = toy_project(Path(folder))
        patch.setattr(
            "codegen.output.fastcheck.generator_digest", lambda: toy.generator
        )
        toy.generate()
        git = ["git", "-c", "core.autocrlf=false", "-C", folder]
        subprocess.run([*git, "init", "-q"], check=True)
        for mutation, staged in mutations:
            mutate(toy, mutation)
            if staged:
                subprocess.run([*git, "add", "-A"], check=True)
        if toy.certainly_clean(staged=True):
            assert toy.drifts(staged=True) == []
