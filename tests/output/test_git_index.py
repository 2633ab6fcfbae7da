from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codegen.output.errors import IndexUnreadable
from codegen.output.git_index import GitIndexTree
from tests.output.toy_project import MANIFEST, Git, ToyProject, snapshot, toy_project


def test_it_reads_what_is_staged_and_not_what_is_on_disk(
    toy: ToyProject, git: Git
) -> None:
    toy.put("schema/types.txt", "Name=int\n")
    git("add", "schema/types.txt")
    toy.put("schema/types.txt", "Name=bool\n")
    tree = GitIndexTree(toy.root)
    assert tree.read("schema/types.txt") == b"Name=int\n"
    assert tree.size("schema/types.txt") == 9
    assert tree.read("schema") is None and tree.size("nothing") is None
    assert tree.files("schema") == ("t_notes.txt", "t_users.txt", "types.txt")
    assert tree.files("nothing") == ()
    assert "schema/types.txt" in tree.files("")
    assert tree.read("generated/py.typed") == b""


def test_untracked_deleted_and_intended_files_are_not_there(
    toy: ToyProject, git: Git
) -> None:
    git("rm", "-q", "--cached", "schema/t_notes.txt")
    toy.put("schema/t_untracked.txt", "a:str\n")
    toy.put("schema/t_intended.txt", "a:str\n")
    toy.put("schema/t_empty.txt", "")
    git("add", "-N", "schema/t_intended.txt")
    git("add", "schema/t_empty.txt")
    tree = GitIndexTree(toy.root)
    assert tree.files("schema") == ("t_empty.txt", "t_users.txt", "types.txt")
    assert tree.read("schema/t_intended.txt") is None
    assert tree.read("schema/t_empty.txt") == b""


def test_hidden_files_and_caches_are_left_out(toy: ToyProject, git: Git) -> None:
    for name in (".hidden", ".d/x.txt", "__pycache__/a.pyc", "a/__pycache__/b.pyc"):
        toy.put(f"schema/{name}", "")
    git("add", "-fA")
    seen = ("t_notes.txt", "t_users.txt", "types.txt")
    assert GitIndexTree(toy.root).files("schema") == seen


@pytest.mark.parametrize(
    "name", ["a b.txt", "é.txt", "tab\t.txt", 'quo"te.txt', "日本.txt"]
)
def test_any_name_in_a_subfolder(toy: ToyProject, git: Git, name: str) -> None:
    toy.put(f"sub folder/é/schema/{name}", "text\n")
    toy.put(f"other/schema/{name}", "other\n")
    git("add", "-A")
    tree = GitIndexTree(toy.root / "sub folder" / "é")
    assert tree.files("schema") == (name,)
    assert tree.read(f"schema/{name}") == b"text\n"
    assert tree.size(f"schema/{name}") == 5
    assert tree.files("") == (f"schema/{name}",)


def test_a_file_in_conflict_is_named(toy: ToyProject, git: Git) -> None:
    git("switch", "-qc", "branch")
    toy.put("schema/types.txt", "Name=int\n")
    git("commit", "-qam", "branch")
    git("switch", "-q", "main")
    toy.put("schema/types.txt", "Name=bool\n")
    git("commit", "-qam", "main")
    git("merge", "branch", fails=True)
    tree = GitIndexTree(toy.root)
    with pytest.raises(IndexUnreadable, match=r"schema/types\.txt: is in conflict"):
        tree.read("schema/types.txt")
    assert tree.read("schema/t_users.txt") == b"name:Name\nborn:Ms\n"
    assert not toy.certainly_clean(staged=True)


def test_a_symbolic_link_is_named(toy: ToyProject, git: Git) -> None:
    (toy.root / "schema/t_link.txt").symlink_to("t_users.txt")
    git("add", "-A")
    with pytest.raises(IndexUnreadable, match="symbolic link"):
        GitIndexTree(toy.root).read("schema/t_link.txt")


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(IndexUnreadable, match="not a git repository"):
        GitIndexTree(tmp_path).files("")


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(IndexUnreadable, match="git cannot be run"):
        GitIndexTree(tmp_path).files("")


def test_a_repository_without_a_commit(tmp_path: Path, git: Git) -> None:
    (tmp_path / "fresh").mkdir()
    git("init", "-q", cwd=tmp_path / "fresh")
    (tmp_path / "fresh/a.txt").write_text("a")
    git("add", "a.txt", cwd=tmp_path / "fresh")
    assert GitIndexTree(tmp_path / "fresh").read("a.txt") == b"a"


def test_a_repository_with_sha256_ids(tmp_path: Path, git: Git) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    git("init", "-q", "--object-format=sha256", cwd=fresh)
    toy = toy_project(fresh)
    toy.generate()
    git("add", "-A", cwd=fresh)
    assert toy.drifts(staged=True) == []
    assert not toy.certainly_clean(staged=True)


HOOK = """#!{python}
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from tests.output.toy_project import ToyProject
kinds = ToyProject(Path(".")).kinds(staged=True)
sys.exit(str(kinds) if kinds else 0)
"""


@pytest.fixture
def hooked(toy: ToyProject, git: Git) -> None:
    """The check is a pre-commit hook of the project."""
    hook = toy.root / ".git/hooks/pre-commit"
    path = [str(Path(__file__).parent), *sys.path]
    hook.write_text(HOOK.format(python=sys.executable, path=path))
    hook.chmod(0o755)


@pytest.mark.usefixtures("hooked")
def test_a_hook_judges_what_is_committed(toy: ToyProject, git: Git) -> None:
    toy.put("schema/types.txt", "Name=int\nMs=float\n")
    said = git("commit", "-qam", "forgot to generate", fails=True)
    assert said == "{'types.py': 'stale'}\n"
    toy.generate()
    said = git("commit", "-qm", "forgot half", "schema/types.txt", fails=True)
    assert said == "{'types.py': 'stale'}\n"
    git("add", "-A")
    toy.put("generated/types.py", "dirty on disk only\n")
    git("commit", "-qm", "both")
    said = git("commit", "-qam", "a hand edit", fails=True)
    assert said == "{'types.py': 'edited'}\n"


@pytest.mark.usefixtures("hooked")
def test_a_hook_in_a_linked_work_tree(git: Git, tmp_path: Path) -> None:
    git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = ToyProject(tmp_path / "linked")
    linked.put("generated/types.py", "a hand edit\n")
    said = git("commit", "-qam", "refused", cwd=linked.root, fails=True)
    assert said == "{'types.py': 'edited'}\n"
    linked.put("schema/types.txt", "Name=int\nMs=float\n")
    linked.generate(force=True)
    git("commit", "-qam", "both", cwd=linked.root)


def test_a_repository_named_by_the_environment(
    toy: ToyProject, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.put("sub/schema/types.txt", "Name=int\n")
    git("add", "-A")
    monkeypatch.chdir(toy.root)
    monkeypatch.setenv("GIT_DIR", ".git")
    assert GitIndexTree(toy.root / "sub").files("") == ("schema/types.txt",)
    (toy.root / ".git").rename(toy.root.parent / "elsewhere.git")
    monkeypatch.setenv("GIT_DIR", "../elsewhere.git")
    assert GitIndexTree(toy.root / "sub").files("") == ("schema/types.txt",)


def test_partly_staged_work_is_judged_by_what_is_staged(
    toy: ToyProject, git: Git
) -> None:
    toy.put("schema/t_pets.txt", "name:Name\n")
    toy.generate()
    git("add", "schema")
    assert toy.drifts() == []
    assert toy.kinds(staged=True) == {"tables/pets.py": "missing"}
    assert not toy.certainly_clean(staged=True)
    git("add", "generated/tables")
    assert toy.kinds(staged=True) == {"_manifest.json": "stale"}
    git("add", MANIFEST)
    assert toy.kinds(staged=True) == {}
    assert toy.certainly_clean(staged=True)


def test_reading_changes_nothing(toy: ToyProject, git: Git) -> None:
    before = snapshot(toy.root)
    index = (toy.root / ".git/index").read_bytes()
    assert toy.drifts(staged=True) == []
    assert snapshot(toy.root) == before
    assert (toy.root / ".git/index").read_bytes() == index
