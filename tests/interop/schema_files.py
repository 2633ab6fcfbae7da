"""The schemas that exports are tried on: of this repository, and of real applications."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codegen.diagnostics import Diagnostics
from codegen.ir.model import Schema
from codegen.output.tree import DiskTree
from codegen.project.schema_files import read_schema
from tests.cases.cases import ACCEPTED, FOLDER

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]


@dataclass(frozen=True)
class SchemaFile:
    """A file or a folder with a schema, and a file that tells of its functions."""

    path: Path
    functions: str | None = None

    def read(self) -> Schema:
        found = Diagnostics()
        tree = DiskTree(str(self.path.parent))
        loaded = read_schema(tree, self.path.name, found, functions=self.functions)
        assert loaded is not None, list(found)
        return loaded.schema

    def __str__(self) -> str:
        return f"{self.path.parent.name}-{self.path.stem}"


def _of_case(name: str) -> Path:
    (path,) = [*FOLDER.glob(f"{name}/schema*"), *FOLDER.glob(f"{name}/convex")]
    return path


EVERYTHING = SchemaFile(_HERE / "everything.yaml")
OURS = [
    SchemaFile(_ROOT / "schema"),
    EVERYTHING,
    SchemaFile(_HERE / "nothing.yaml"),
    *(SchemaFile(_of_case(name)) for name in ACCEPTED),
]
REAL = [
    *(
        SchemaFile(folder / "schema.json", "function_spec.json")
        for folder in sorted((_ROOT / "tests/corpus/functions").iterdir())
    ),
    *(
        SchemaFile(path)
        for path in sorted((_ROOT / "tests/corpus/schemas").glob("*.json"))
    ),
]
