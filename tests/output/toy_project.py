"""A project whose generator is ten lines long: every file it writes depends on every input."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from codegen.output.compare import Drift, compare
from codegen.output.configuration import configuration_digest
from codegen.output.fastcheck import clean
from codegen.output.fileset import FileSet
from codegen.output.git_index import GitIndexTree
from codegen.output.manifest import Manifest, owned_files, parse_manifest
from codegen.output.recorded import RecordedTree
from codegen.output.tree import DiskTree, Tree
from codegen.output.write import Written, write

Git = Callable[..., str]
"""Runs git with these words; gives what it prints."""

FOLDER = "generated"
MANIFEST = "generated/_manifest.json"
PYPROJECT = (
    '[project]\nname = "toy"\n\n[tool.codegen]\ndates = "Ms"\n\n[tool.other]\nx = 1\n'
)


class ToyProject:
    """A schema in `schema/*.txt`: `types*.txt` holds types, `t_*.txt` a table each."""

    def __init__(self, root: Path, generator: str = "toy 1") -> None:
        self.root = root
        self.generator = generator

    def put(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def render(self, tree: Tree) -> FileSet:
        pyproject = tomllib.loads((tree.read("pyproject.toml") or b"").decode())
        dates = pyproject.get("tool", {}).get("codegen", {}).get("dates", "Ms")
        assert tree.size("schema") is None, "a folder, though it might be one file"
        texts = {
            path: (tree.read(f"schema/{path}") or b"").decode().split()
            for path in tree.files("schema")
            if path.endswith(".txt")
        }
        types = sorted(
            line for path in texts if path.startswith("types") for line in texts[path]
        )
        optional = {line.split("=")[0] for line in types if "Optional" in line}
        files = [("types.py", "".join(f"{line}\n" for line in types))]
        for path, lines in sorted(texts.items()):
            if path.startswith("t_"):
                fields = [line.partition(":")[::2] for line in lines]
                body = "".join(
                    f"    {name}: {kind.replace('Ms', dates)}"
                    f"{' | None' if kind in optional else ''}\n"
                    for name, kind in fields
                )
                files.append((f"tables/{path[2:-4]}.py", f"# {self.generator}\n{body}"))
        files.append(("py.typed", ""))
        return FileSet((path, text.encode()) for path, text in files)

    def generate(self, force: bool = False) -> Written:
        tree = RecordedTree(DiskTree(self.root))
        files = self.render(tree)
        pyproject = tree.read("pyproject.toml") or b""
        inputs = tree.inputs
        del inputs["pyproject.toml"]  # only our part of it counts
        manifest = Manifest(
            files=owned_files(files, dict.fromkeys(files, "0123")),
            inputs=inputs,
            folders=tree.folders,
            configuration=configuration_digest(pyproject),
            generator=self.generator,
            version="1.0",
        )
        return write(files, self.root / FOLDER, manifest, force=force)

    def drifts(self, staged: bool = False) -> list[Drift]:
        tree = GitIndexTree(self.root) if staged else DiskTree(self.root)
        manifest = parse_manifest(tree.read(MANIFEST))
        return compare(self.render(tree), tree, FOLDER, manifest)

    def kinds(self, staged: bool = False) -> dict[str, str]:
        return {drift.path: drift.kind.value for drift in self.drifts(staged)}

    def certainly_clean(self, staged: bool = False) -> bool:
        words = ["check", "--staged"] if staged else ["check"]
        return clean(words, str(self.root))


def toy_project(root: Path) -> ToyProject:
    """A toy project with two tables, not generated yet."""
    toy = ToyProject(root)
    toy.put("pyproject.toml", PYPROJECT)
    toy.put("schema/types.txt", "Name=str\nMs=float\n")
    toy.put("schema/t_users.txt", "name:Name\nborn:Ms\n")
    toy.put("schema/t_notes.txt", "text:str\nauthor:Name\n")
    return toy


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but those of git and of Python."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", "__pycache__"} & set(path.parts)
    }
