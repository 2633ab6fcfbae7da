from __future__ import annotations

import pytest

from codegen.output.compare import unified_diff, with_obstacles
from tests.output.toy_project import MANIFEST, ToyProject

CONFLICT = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n"


def test_nothing_to_say_about_what_was_just_written(toy: ToyProject) -> None:
    assert toy.drifts() == []


def test_the_four_kinds(toy: ToyProject) -> None:
    toy.put("schema/t_pets.txt", "name:Name\n")
    toy.put("schema/types.txt", "Name=Optional[str]\n")
    (toy.root / "schema/t_notes.txt").unlink()
    toy.put("generated/types.py", "by hand\n")
    assert toy.kinds() == {
        "tables/notes.py": "orphan",
        "tables/pets.py": "missing",
        "tables/users.py": "stale",
        "types.py": "edited",
    }


def test_a_file_of_nobody_is_told_from_one_of_ours(toy: ToyProject) -> None:
    toy.put("generated/tables/mine.py", "x = 1\n")
    toy.put("generated/.hidden", "")
    toy.put("generated/__pycache__/types.cpython-311.pyc", "")
    (drift,) = toy.drifts()
    assert drift.kind.value == "orphan" and not drift.owned
    assert drift.path == "tables/mine.py"
    assert "not ours" in drift.reason
    assert drift.diff() == ""


def test_files_behind_a_link_or_a_file_are_blocked(toy: ToyProject) -> None:
    (toy.root / "generated/tables").rename(toy.root / "elsewhere")
    (toy.root / "generated/tables").symlink_to(toy.root / "elsewhere")
    folder = toy.root / "generated"
    drifts = with_obstacles(toy.drifts(), folder)
    assert [(d.path, d.kind.value, d.obstacle) for d in drifts] == [
        ("tables/notes.py", "blocked", "tables"),
        ("tables/users.py", "blocked", "tables"),
    ]
    assert "a symbolic link is in its way" in drifts[0].reason
    (folder / "tables").unlink()
    assert {d.kind.value for d in with_obstacles(toy.drifts(), folder)} == {"missing"}
    toy.put("generated/tables", "")
    one, _ = with_obstacles(toy.drifts(), folder)
    assert one.obstacle == "tables" and "a file is in its way" in one.reason


def test_an_orphan_that_was_edited_says_so(toy: ToyProject) -> None:
    (toy.root / "schema/t_notes.txt").unlink()
    toy.put("generated/tables/notes.py", "taken over\n")
    (drift,) = toy.drifts()
    assert drift.kind.value == "orphan" and drift.edited and "by hand" in drift.reason


def test_line_ends_are_no_drift(toy: ToyProject) -> None:
    for path in (toy.root / "generated").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert toy.drifts() == []
    toy.put("schema/types.txt", "Name=Optional[str]\r\nMs=float\r\n")
    assert set(toy.kinds().values()) == {"stale"}


def test_conflict_markers_are_no_edit(toy: ToyProject) -> None:
    toy.put("generated/types.py", CONFLICT)
    assert toy.kinds() == {"types.py": "stale"}
    toy.put("generated/types.py", CONFLICT.replace("\n", "\r\n"))
    assert toy.kinds() == {"types.py": "stale"}


def test_a_broken_seal_makes_no_file_edited(toy: ToyProject) -> None:
    text = (toy.root / MANIFEST).read_text()
    toy.put(MANIFEST, text.replace('"1.0"', '"1.1"'))
    assert toy.kinds() == {"_manifest.json": "stale"}
    toy.put("generated/types.py", "merged\n")
    assert toy.kinds() == {"_manifest.json": "stale", "types.py": "stale"}


def test_without_a_manifest_a_differing_file_is_stale_and_not_ours(
    toy: ToyProject,
) -> None:
    (toy.root / MANIFEST).unlink()
    assert toy.kinds() == {"_manifest.json": "missing"}
    toy.put("generated/types.py", "whose?\n")
    by_path = {drift.path: drift for drift in toy.drifts()}
    assert by_path["types.py"].kind.value == "stale"
    assert not by_path["types.py"].owned


def test_a_sealed_manifest_of_other_files_is_stale(toy: ToyProject) -> None:
    manifest = (toy.root / MANIFEST).read_text()
    toy.put("schema/t_pets.txt", "name:Name\n")
    toy.generate()
    toy.put(MANIFEST, manifest)
    (drift,) = toy.drifts()
    assert (drift.path, drift.kind.value) == ("_manifest.json", "stale")
    assert "records other files" in drift.reason
    assert drift.diff("generated") == ""


def test_the_diff_goes_from_what_is_there_to_what_should_be(toy: ToyProject) -> None:
    toy.put("schema/types.txt", "Name=int\nMs=float\n")
    (drift,) = toy.drifts()
    assert drift.diff("generated") == (
        "--- a/generated/types.py\n+++ b/generated/types.py\n@@ -1,2 +1,2 @@\n"
        " Ms=float\n-Name=str\n+Name=int\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        (None, b"a\n", "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"),
        (b"a\n", None, "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"),
        (
            *(b"a", b"a\n"),
            "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
        ),
        (b"a\r\n", b"a\n", ""),
        (b"\xff", b"a\n", "Binary files a/f and b/f differ\n"),
        (b"a\x0cb\n", b"a\x0cc\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\x0cb\n+a\x0cc\n"),
    ],
)
def test_diffs_of_odd_files(
    before: bytes | None, after: bytes | None, diff: str
) -> None:
    assert unified_diff("f", before, after) == diff
