from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.output.fileset import FileSet, path_fault


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up.py",
        "a/../b.py",
        "./a.py",
        "a//b.py",
        "a/",
        "a\\b.py",
        "C:a.py",
        "a\nb",
        "ends.",
        "ends./b",
        "space .py ",
        "-rf",
        ".hidden",
        "a/.git/config",
        "tables/con.py",
        "NUL",
        "com1/a.py",
        "é.py",
        "__pycache__/a.pyc",
        "x" * 256,
        "a\n",
    ],
)
def test_a_path_that_is_not_portable_is_refused(path: str) -> None:
    assert path_fault(path)
    with pytest.raises(ValueError, match=re.escape(repr(path))):
        FileSet([(path, b"")])


@pytest.mark.parametrize(
    "path", ["a.py", "_schema.json", "py.typed", "a/b/c-d.py", "console.py", "x" * 255]
)
def test_a_portable_path_is_taken(path: str) -> None:
    assert FileSet([(path, b"1")])[path] == b"1"


@pytest.mark.parametrize(
    "paths", [["a.py", "a.py"], ["a.py", "A.py"], ["a/B.py", "a/b.py"]]
)
def test_two_files_that_some_systems_confuse_are_refused(paths: list[str]) -> None:
    with pytest.raises(ValueError, match="one file on some systems"):
        FileSet((path, b"") for path in paths)


@pytest.mark.parametrize("paths", [["a", "a/b.py"], ["x/A/b", "x/a"]])
def test_a_file_that_is_also_a_folder_is_refused(paths: list[str]) -> None:
    with pytest.raises(ValueError, match="is also a folder"):
        FileSet((path, b"") for path in paths)


def test_the_order_is_kept_and_does_not_count_for_equality() -> None:
    one = FileSet([("b.py", b"1"), ("a.py", b"2")])
    other = FileSet([("a.py", b"2"), ("b.py", b"1")])
    assert list(one) == ["b.py", "a.py"]
    assert one == other
    assert one != FileSet([("a.py", b"2")])


@given(st.text(alphabet="a./\\-_ \0\n~:é", max_size=8))
def test_a_path_without_fault_stays_below_its_folder(path: str) -> None:
    if not path_fault(path):
        parts = path.split("/")
        assert all(part and part.strip(".") for part in parts)
        assert not path.startswith("/") and "\\" not in path and ":" not in path
