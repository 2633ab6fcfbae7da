"""Two branches that merge cleanly, and a package that is stale for all that."""

from __future__ import annotations

import shutil

from tests.output.toy_project import MANIFEST, PYPROJECT, Git, ToyProject


def test_a_clean_merge_of_a_schema_and_of_a_configuration(
    toy: ToyProject, git: Git
) -> None:
    git("switch", "-qc", "dates")
    toy.put("pyproject.toml", PYPROJECT.replace('"Ms"', '"datetime"'))
    toy.generate()
    git("commit", "-qam", "dates")
    git("switch", "-q", "main")
    toy.put("schema/t_pets.txt", "born:Ms\n")
    git("add", "-A")
    git("commit", "-qm", "a table, not generated")
    git("merge", "-q", "--no-edit", "dates")
    assert not toy.certainly_clean()
    assert not toy.certainly_clean(staged=True)
    assert toy.kinds() == {"tables/pets.py": "missing"}


def test_a_merge_of_two_generated_branches_breaks_the_seal(
    toy: ToyProject, git: Git
) -> None:
    """One side makes a type optional, the other uses it in a new table.

    Each file equals what one of the manifests says, the new table's is wrong all the same,
    and a line-wise merge of the manifests would call it right.
    """
    toy.put(".gitattributes", "generated/_manifest.json merge=union\n")
    git("add", "-A")
    git("commit", "-qm", "merge manifests by line")
    git("switch", "-qc", "optional")
    toy.put("schema/types.txt", "Name=Optional[str]\nMs=float\n")
    toy.generate()
    git("commit", "-qam", "optional")
    git("switch", "-q", "main")
    toy.put("schema/t_pets.txt", "name:Name\n")
    toy.generate()
    git("add", "-A")
    git("commit", "-qm", "pets")
    git("merge", "-q", "--no-edit", "optional")
    assert not toy.certainly_clean()
    assert not toy.certainly_clean(staged=True)
    expected = {"tables/pets.py": "stale", "_manifest.json": "stale"}
    assert toy.kinds() == expected
    assert toy.kinds(staged=True) == expected
    assert toy.generate().changed == ("tables/pets.py",)
    git("add", "-A")
    assert toy.certainly_clean() and toy.certainly_clean(staged=True)


def test_after_a_conflict_one_run_mends_everything(toy: ToyProject, git: Git) -> None:
    git("switch", "-qc", "optional")
    toy.put("schema/types.txt", "Name=Optional[str]\nMs=float\n")
    toy.generate()
    git("commit", "-qam", "optional")
    git("switch", "-q", "main")
    toy.put("schema/t_pets.txt", "name:Name\n")
    (toy.root / "schema/t_notes.txt").unlink()
    toy.generate()
    git("add", "-A")
    git("commit", "-qm", "pets for notes")
    git("merge", "-q", "optional", fails=True)
    assert "<<<<<<<" in (toy.root / MANIFEST).read_text()
    toy.generate()
    assert toy.drifts() == []
    assert not (toy.root / "generated/tables/notes.py").exists()
    git("add", "-A")
    assert toy.certainly_clean(staged=True)


def test_a_fresh_clone_with_crlf_is_clean(toy: ToyProject, git: Git) -> None:
    clone = toy.root.parent / "clone"
    git("-c", "core.autocrlf=true", "clone", "-q", str(toy.root), str(clone))
    copy = ToyProject(clone)
    assert b"\r\n" in (clone / MANIFEST).read_bytes()
    assert copy.drifts() == []
    assert copy.certainly_clean() and copy.certainly_clean(staged=True)
    shutil.rmtree(clone)
