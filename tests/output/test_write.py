from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen.output.disk import STAGING
from codegen.output.errors import OutputError, Refused
from codegen.output.fileset import FileSet
from codegen.output.manifest import Manifest, owned_files
from codegen.output.write import write
from tests.output.toy_project import MANIFEST, ToyProject, snapshot, toy_project


def files_of(texts: dict[str, str]) -> tuple[FileSet, Manifest]:
    files = FileSet((path, text.encode()) for path, text in texts.items())
    return files, Manifest(owned_files(files, dict.fromkeys(files, "in")))


def test_a_first_run_makes_every_folder(tmp_path: Path) -> None:
    files, manifest = files_of({"a/b/c.py": "1\n", "d.py": "2\n"})
    written = write(files, tmp_path / "src" / "generated", manifest)
    assert written.changed == ("a/b/c.py", "d.py")
    assert snapshot(tmp_path / "src/generated") == {
        "_manifest.json": manifest.to_bytes(),
        "a/b/c.py": b"1\n",
        "d.py": b"2\n",
    }


def test_only_what_changed_is_touched(toy: ToyProject) -> None:
    before = {p: p.stat().st_mtime_ns for p in (toy.root / "generated").rglob("*")}
    inodes = {p: p.stat().st_ino for p in before}
    written = toy.generate()
    assert (written.changed, written.removed) == ((), ())
    assert {p: p.stat().st_mtime_ns for p in before} == before
    toy.put("schema/t_users.txt", "name:str\n")
    written = toy.generate()
    assert written.changed == ("tables/users.py",)
    assert written.unchanged == ("types.py", "tables/notes.py", "py.typed")
    touched = {p.name for p in before if p.is_file() and p.stat().st_ino != inodes[p]}
    assert touched == {"users.py", "_manifest.json"}


def test_a_checkout_with_crlf_is_left_alone(toy: ToyProject) -> None:
    types = toy.root / "generated/types.py"
    types.write_bytes(types.read_bytes().replace(b"\n", b"\r\n"))
    assert toy.generate().changed == ()
    assert b"\r\n" in types.read_bytes()


def test_what_is_no_longer_generated_goes_with_its_folder(toy: ToyProject) -> None:
    for table in ("users", "notes"):
        (toy.root / f"schema/t_{table}.txt").unlink()
    toy.put("generated/tables/__pycache__/users.cpython-311.pyc", "")
    written = toy.generate()
    assert written.removed == ("tables/notes.py", "tables/users.py")
    assert not (toy.root / "generated/tables").exists()
    assert toy.drifts() == []


def test_files_of_others_stay_even_by_force(toy: ToyProject) -> None:
    toy.put("generated/tables/mine.py", "x = 1\n")
    toy.put("generated/tables/.mine", "")
    for table in ("users", "notes"):
        (toy.root / f"schema/t_{table}.txt").unlink()
    toy.generate(force=True)
    kept = [path.name for path in (toy.root / "generated/tables").iterdir()]
    assert sorted(kept) == [".mine", "mine.py"]


def test_edited_files_are_refused_all_by_name(toy: ToyProject) -> None:
    toy.put("generated/types.py", "by hand\n")
    toy.put("generated/tables/notes.py", "taken over\n")
    toy.put("schema/types.txt", "Name=int\n")
    (toy.root / "schema/t_notes.txt").unlink()
    before = snapshot(toy.root)
    with pytest.raises(Refused) as refused:
        toy.generate()
    paths = [Path(path).name for path, _ in refused.value.faults]
    assert paths == ["notes.py", "types.py"]
    assert str(refused.value).count("edited by hand") == 2
    assert snapshot(toy.root) == before
    written = toy.generate(force=True)
    assert written.changed == ("types.py",)
    assert written.removed == ("tables/notes.py",)
    assert toy.drifts() == []


def test_a_file_of_others_in_our_way_is_refused(toy: ToyProject) -> None:
    toy.put("generated/tables/pets.py", "mine\n")
    toy.put("schema/t_pets.txt", "name:Name\n")
    with pytest.raises(Refused, match=r"pets\.py: differs, and the manifest does not"):
        toy.generate()
    assert (toy.root / "generated/tables/pets.py").read_text() == "mine\n"
    toy.generate(force=True)
    assert toy.drifts() == []


def test_a_lost_manifest_is_made_again_when_the_files_are_right(
    toy: ToyProject,
) -> None:
    (toy.root / MANIFEST).unlink()
    assert toy.generate().changed == ()
    assert toy.drifts() == []


def test_conflict_markers_everywhere_do_not_stop_a_run(toy: ToyProject) -> None:
    def conflict(text: str, other: str) -> str:
        return f"<<<<<<< HEAD\n{text}=======\n{other}>>>>>>> branch\n"

    for path in (MANIFEST, "generated/types.py", "generated/tables/users.py"):
        toy.put(path, conflict((toy.root / path).read_text(), "other\n"))
    assert toy.generate().changed == ("types.py", "tables/users.py")
    assert toy.drifts() == []


def test_modes_are_kept(tmp_path: Path) -> None:
    files, manifest = files_of({"run.py": "1\n"})
    write(files, tmp_path, manifest)
    (tmp_path / "run.py").chmod(0o751)
    files, manifest = files_of({"run.py": "2\n", "new.py": "\n"})
    write(files, tmp_path, manifest)
    assert stat.S_IMODE((tmp_path / "run.py").stat().st_mode) == 0o751
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "new.py").stat().st_mode) == 0o666 & ~umask


def test_a_change_of_case_survives_any_file_system(tmp_path: Path) -> None:
    files, manifest = files_of({"Users.py": "1\n"})
    write(files, tmp_path, manifest)
    files, manifest = files_of({"users.py": "1\n"})
    written = write(files, tmp_path, manifest)
    assert (written.changed, written.removed) == (("users.py",), ("Users.py",))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["_manifest.json", "users.py"]


@pytest.mark.parametrize(
    "obstacle", ["folder", "link", "dangling link", "linked folder"]
)
def test_what_is_no_plain_file_is_not_written_over(
    tmp_path: Path, obstacle: str
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (elsewhere / "tables").mkdir(parents=True)
    (elsewhere / "a.py").write_text("precious\n")
    files, manifest = files_of({"first.py": "1\n", "tables/a.py": "2\n"})
    out.mkdir()
    if obstacle == "linked folder":
        (out / "tables").symlink_to(elsewhere)
    else:
        (out / "tables").mkdir()
        target = out / "tables/a.py"
        if obstacle == "folder":
            target.mkdir()
        else:
            name = "a.py" if obstacle == "link" else "nothing"
            target.symlink_to(elsewhere / name)
    before = snapshot(tmp_path)
    with pytest.raises(OutputError, match=r"is a (folder|symbolic link)"):
        write(files, out, manifest, force=True)
    assert snapshot(tmp_path) == before
    assert not (out / STAGING).exists()


def test_a_file_where_a_folder_must_be(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("a file\n")
    files, manifest = files_of({"first.py": "1\n", "tables/a.py": "2\n"})
    with pytest.raises(OutputError):
        write(files, tmp_path, manifest)
    assert snapshot(tmp_path) == {"tables": b"a file\n"}


def test_the_output_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "generated").write_text("a file\n")
    files, manifest = files_of({"first.py": "1\n"})
    with pytest.raises(OutputError, match="generated: cannot be written"):
        write(files, tmp_path / "generated", manifest)


@pytest.fixture
def ordinary_user(toy: ToyProject) -> Iterator[None]:
    """Takes root's rights away for a test: root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    nobody = 65534
    for path in (toy.root, *toy.root.rglob("*")):
        os.chown(path, nobody, nobody)
    for parent in toy.root.parents:
        parent.chmod(parent.stat().st_mode | 0o011)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("ordinary_user")
@pytest.mark.parametrize("locked", ["generated", "generated/tables"])
def test_a_read_only_folder_is_named(toy: ToyProject, locked: str) -> None:
    toy.put("schema/types.txt", "Name=Optional[str]\nMs=float\n")
    before = snapshot(toy.root)
    (toy.root / locked).chmod(0o555)
    try:
        with pytest.raises(OutputError, match="generated"):
            toy.generate()
        assert snapshot(toy.root) == before
    finally:
        (toy.root / locked).chmod(0o755)


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    rivals = [toy_project(tmp_path / "project") for _ in range(2)]
    results: list[dict[str, bytes]] = []
    for number, rival in enumerate(rivals):
        rival.generator = f"toy {number}"
        rival.generate(force=True)
        results.append(snapshot(rival.root))
    faults: list[BaseException] = []

    def often(toy: ToyProject) -> None:
        try:
            for _ in range(25):
                toy.generate()
        except BaseException as error:
            faults.append(error)

    old = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=often, args=(rival,)) for rival in rivals]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(old)
    assert faults == []
    assert snapshot(rivals[0].root) in results
