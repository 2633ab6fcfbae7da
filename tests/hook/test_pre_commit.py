"""The hook under the real pre-commit, installed from this working tree into a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hook.adopter import Adopter

pytestmark = pytest.mark.slow

USERS, NOTES = "schema/users.yaml", "schema/notes.yaml"
PETS = "tables:\n  pets:\n    fields:\n      name: str\n"


def test_schema_and_package_together_pass(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    adopter.put("schema/pets.yaml", PETS)
    adopter.generate()
    adopter.git("add", "-A")
    assert "Passed" in adopter.git("commit", "-m", "both")
    assert adopter.git("status", "--porcelain") == ""


def test_a_commit_of_other_files_passes(adopter: Adopter) -> None:
    adopter.put("app.py", "print()\n")
    adopter.git("add", "-A")
    assert "Passed" in adopter.git("commit", "-m", "application")


def test_a_forgotten_generate_is_refused_and_the_command_mends_it(
    adopter: Adopter,
) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    adopter.git("add", "-A")
    said = adopter.git("commit", "-m", "schema alone", fails=True)
    assert "- exit code: 1\n" in said
    assert "stale: generated/tables/users.py is out of date\n" in said
    assert "--- a/generated/tables/users.py\n+++ b/generated/tables/users.py\n" in said
    assert "\n-    name: Opt[str] = None\n" in said
    assert "\n+    name: str\n" in said
    assert "To mend: codegen generate && git add generated\n" in said
    adopter.mend(said)
    adopter.git("commit", "-qm", "both")
    assert adopter.git("status", "--porcelain") == ""


def test_a_forgotten_git_add_is_refused(adopter: Adopter) -> None:
    adopter.put("schema/pets.yaml", PETS)
    adopter.generate()
    adopter.git("add", "schema")
    said = adopter.git("commit", "-am", "without the new file", fails=True)
    assert "missing: generated/tables/pets.py is missing\n" in said
    adopter.mend(said)
    adopter.git("commit", "-qm", "with it")


def test_a_hand_edit_is_refused(adopter: Adopter) -> None:
    adopter.replace("generated/tables/users.py", "email: str", "email: str | None")
    adopter.git("add", "-A")
    said = adopter.git("commit", "-m", "edit", fails=True)
    assert "edited: generated/tables/users.py was edited by hand\n" in said
    assert "\n-    email: str | None\n+    email: str\n" in said
    assert "take" in said.lower() and "into the schema" in said
    adopter.mend(said)
    assert adopter.git("status", "--porcelain") == ""


def test_a_file_that_is_not_ours_is_refused(adopter: Adopter) -> None:
    adopter.put("generated/extra.py", "x = 1\n")
    adopter.git("add", "-A")
    said = adopter.git("commit", "-m", "foreign", fails=True)
    assert "orphan: generated/extra.py is not ours" in said
    assert "Move or delete what codegen did not write: generated/extra.py\n" in said
    assert "To mend" not in said
    adopter.git("rm", "-q", "--cached", "generated/extra.py")
    adopter.git("commit", "-q", "--allow-empty", "-m", "without it")
    assert adopter.text("generated/extra.py") == "x = 1\n"


def test_a_commit_that_only_deletes_a_schema_file_is_refused(adopter: Adopter) -> None:
    adopter.git("rm", "-q", NOTES)
    said = adopter.git("commit", "-m", "no notes", fails=True)
    assert "orphan: generated/tables/notes.py is no longer generated\n" in said
    assert "\n-class Note(" in said
    adopter.mend(said)
    adopter.git("commit", "-qm", "no notes")
    assert adopter.git("ls-files", "generated/tables/notes.py") == ""


def test_a_leftover_of_a_removed_table_is_refused(adopter: Adopter) -> None:
    adopter.git("rm", "-q", NOTES)
    adopter.generate()
    adopter.git("add", "-A")
    adopter.git("reset", "-q", "--", "generated/tables/notes.py")
    said = adopter.git("commit", "-m", "forgot the deletion", fails=True)
    assert "orphan: generated/tables/notes.py" in said
    adopter.git("rm", "-q", "--cached", "generated/tables/notes.py")
    adopter.git("commit", "-qm", "no notes")


def test_a_fault_in_the_staged_schema_is_shown(adopter: Adopter) -> None:
    adopter.replace(USERS, "[email]", "[mail]")
    adopter.git("add", "-A")
    adopter.replace(USERS, "[mail]", "[email]")
    said = adopter.git("commit", "-m", "fault", fails=True)
    assert "- exit code: 2\n" in said
    assert "schema/users.yaml:7:18: error[E312]" in said
    assert "7 |       by_email: [mail]\n" in said
    assert "did you mean `email`?" in said


def test_work_that_is_not_staged_does_not_count(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    adopter.generate()
    adopter.git("add", "-A")
    adopter.replace(USERS, "email: str", "email: bytes")
    adopter.put("generated/tables/users.py", "dirty on disk only\n")
    adopter.put("generated/untracked.py", "x = 1\n")
    adopter.git("commit", "-qm", "what is staged")
    assert "email: bytes" in adopter.text(USERS)
    assert adopter.text("generated/tables/users.py") == "dirty on disk only\n"


def test_a_package_that_is_not_staged_does_not_help(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    adopter.generate()
    adopter.git("add", "schema")
    said = adopter.git("commit", "-m", "half", fails=True)
    assert "stale: generated/tables/users.py is out of date\n" in said
    assert adopter.git("diff", "--name-only", "--", "generated")
    adopter.mend(said)
    adopter.git("commit", "-qm", "whole")


def test_one_hunk_of_the_schema_needs_the_package_of_that_hunk(
    adopter: Adopter,
) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    one_hunk = adopter.text(USERS)
    adopter.replace(USERS, "email: str", "email: float")
    adopter.generate()
    adopter.git("add", "generated")
    adopter.stage(USERS, one_hunk)
    said = adopter.git("commit", "-m", "one hunk", fails=True)
    assert "\n-    email: float\n+    email: str\n" in said
    adopter.git("add", USERS)
    adopter.git("commit", "-qm", "both hunks")


def test_commit_of_all_and_of_named_paths(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    assert "stale" in adopter.git("commit", "-am", "all, too early", fails=True)
    adopter.generate()
    said = adopter.git("commit", "-m", "one path", "--", "schema", fails=True)
    assert "stale: generated/tables/users.py" in said
    adopter.put("generated/foreign.py", "x = 1\n")
    adopter.git("add", "generated/foreign.py")
    paths = ["schema", "generated/_manifest.json", "generated/_schema.json"]
    paths += ["generated/tables"]
    assert "Passed" in adopter.git("commit", "-m", "the paths", "--", *paths)
    assert adopter.git("status", "--porcelain") == "A  generated/foreign.py\n"
    adopter.git("rm", "-qf", "generated/foreign.py")
    adopter.replace("schema/notes.yaml", "text: str", "text: bytes")
    adopter.generate()
    assert "Passed" in adopter.git("commit", "-am", "all")


def test_amend(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    adopter.git("commit", "-qam", "past the guard", "--no-verify")
    said = adopter.git("commit", "-q", "--amend", "--no-edit", fails=True)
    adopter.mend(said)
    adopter.git("commit", "-q", "--amend", "--no-edit")


def _two_branches(adopter: Adopter) -> None:
    """On `main` notes change, on `branch` there are pets; both are right by themselves."""
    adopter.git("switch", "-qc", "branch")
    adopter.put("schema/pets.yaml", PETS)
    adopter.generate()
    adopter.git("add", "-A")
    adopter.git("commit", "-qm", "pets")
    adopter.git("switch", "-q", "main")
    adopter.replace(NOTES, "text: str", "text: bytes")
    adopter.generate()
    adopter.git("commit", "-qam", "notes")


def test_a_merge_with_conflicts_is_judged_when_it_is_committed(
    adopter: Adopter,
) -> None:
    _two_branches(adopter)
    adopter.git("merge", "branch", fails=True)
    adopter.git("checkout", "--ours", "generated")
    adopter.git("add", "-A")
    said = adopter.git("commit", "-qm", "ours", fails=True)
    assert "stale: generated/_manifest.json records other files than these\n" in said
    adopter.git("checkout", "main", "--", "generated")
    said = adopter.git("commit", "-qm", "ours", fails=True)
    assert "stale: generated/ids.py is out of date\n" in said
    adopter.mend(said)
    adopter.git("commit", "-qm", "merged")
    assert "class Pet(" in adopter.text("generated/tables/pets.py")


def test_generate_settles_the_conflicts_of_a_merge(adopter: Adopter) -> None:
    _two_branches(adopter)
    said = adopter.git("merge", "branch", fails=True)
    assert "CONFLICT (content): Merge conflict in generated/_manifest.json" in said
    adopter.generate()
    adopter.git("add", "-A")
    assert "Passed" in adopter.git("commit", "-m", "merged")
    assert adopter.git("rev-parse", "HEAD^2") == adopter.git("rev-parse", "branch")


def test_a_merge_that_git_commits_by_itself_is_judged_too(adopter: Adopter) -> None:
    _two_branches(adopter)
    said = adopter.git("merge", "-X", "ours", "branch", fails=True)
    assert "stale: generated/_manifest.json" in said
    adopter.mend(said)
    adopter.git("commit", "-qm", "merged")
    assert "class Pet(" in adopter.text("generated/tables/pets.py")


def test_a_linked_work_tree(adopter: Adopter, tmp_path: Path) -> None:
    adopter.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Adopter(adopter.machine, tmp_path / "linked")
    linked.replace(USERS, "name?: str", "name: str")
    linked.mend(linked.git("commit", "-qam", "schema alone", fails=True))
    assert "Passed" in linked.git("commit", "-am", "both")


def test_a_commit_from_a_subfolder(adopter: Adopter) -> None:
    adopter.replace(USERS, "name?: str", "name: str")
    said = adopter.git("-C", "schema", "commit", "-am", "alone", fails=True)
    assert "stale: generated/tables/users.py" in said
    adopter.generate()
    assert "Passed" in adopter.git("-C", "schema", "commit", "-am", "both")


def _move_into(adopter: Adopter, folder: str) -> None:
    (adopter.root / folder).mkdir()
    for name in ("schema", "generated", "pyproject.toml"):
        adopter.git("mv", name, f"{folder}/{name}")


def test_a_project_in_a_subfolder_is_named_to_the_hook(adopter: Adopter) -> None:
    _move_into(adopter, "backend")
    said = adopter.git("commit", "-m", "moved", fails=True)
    assert "error[E001]: there is no schema at `schema`" in said
    assert "--schema" in said
    config = adopter.text(".pre-commit-config.yaml")
    config += "        args: [--schema, backend/schema]\n"
    adopter.put(".pre-commit-config.yaml", config)
    adopter.git("add", "-A")
    assert "Passed" in adopter.git("commit", "-m", "moved")
    adopter.replace("backend/schema/users.yaml", "name?: str", "name: str")
    said = adopter.git("commit", "-am", "schema alone", fails=True)
    assert "stale: backend/generated/tables/users.py is out of date\n" in said
    assert "\n+++ b/backend/generated/tables/users.py\n" in said
    adopter.mend(said)
    assert "Passed" in adopter.git("commit", "-am", "both")


def test_every_file_of_a_clone_in_ci(adopter: Adopter, tmp_path: Path) -> None:
    adopter.git("clone", "-q", str(adopter.root), str(tmp_path / "clone"))
    clone = Adopter(adopter.machine, tmp_path / "clone")
    assert "Passed" in clone.pre_commit("run", "--all-files")
    clone.replace(NOTES, "text: str", "text: bytes")
    clone.git("commit", "-qam", "past the guard")
    said = clone.pre_commit("run", "--all-files", fails=True)
    assert "stale: generated/tables/notes.py is out of date\n" in said


def test_no_configuration_of_ours_is_warned_of(adopter: Adopter) -> None:
    source = adopter.machine.folder / "tablewright"
    manifest = str(source / ".pre-commit-hooks.yaml")
    assert adopter.pre_commit("validate-manifest", manifest) == ""
    starter = source / "codegen/project/starter/pre-commit-config.yaml"
    for config in (source / ".pre-commit-config.yaml", starter):
        assert adopter.pre_commit("validate-config", str(config)) == ""
