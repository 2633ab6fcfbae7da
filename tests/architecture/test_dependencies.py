"""The direction of dependencies, read from the imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "codegen"

# What the modules of each part may import of ours, besides their own part.
ALLOWED = {
    "diagnostics": set[str](),
    "codes": set[str](),
    "ir": {"diagnostics"},
    "language": {"ir", "diagnostics"},
    "typescript": {"ir", "diagnostics", "language"},
    "importers": {"ir", "diagnostics", "language"},
    "python": {"ir", "diagnostics"},
    "interop": {"ir", "diagnostics"},
    "output": set[str](),
    "runtime": set[str](),
    "convex": {"runtime"},
    "migrations": set[str](),
    "engines": {"convex", "ir", "migrations", "runtime"},
    "testing": {"engines", "ir", "runtime"},
    "transfer": {"convex", "diagnostics", "engines", "ir", "runtime"},
    "project": {
        "diagnostics",
        "importers",
        "ir",
        "language",
        "typescript",
        "python",
        "interop",
        "output",
    },
    "cli": {
        "codes",
        "convex",
        "diagnostics",
        "importers",
        "ir",
        "interop",
        "output",
        "project",
        "python",
        "engines",
        "migrations",
        "runtime",
        "transfer",
    },
}
# What imports each library: one module, or a folder. Two read YAML and PostgreSQL: a schema is
# written by our rules, and what is imported by its own.
ONLY_IN = {
    "jinja2": {"codegen/python/render.py"},
    "datamodel_code_generator": {"codegen/importers/models.py"},
    "pydantic": {
        *("codegen/runtime/", "codegen/engines/", "codegen/testing/"),
        "codegen/convex/",
        *("codegen/importers/class_loading.py", "codegen/importers/class_schemas.py"),
    },
    "yaml": {"codegen/language/yaml_tree.py", "codegen/importers/yaml_values.py"},
    "convex": {
        "codegen/runtime/client_values.py",
        "codegen/convex/listener_process.py",
    },
    "tree_sitter": {"codegen/typescript/syntax.py"},
    "tree_sitter_typescript": {"codegen/typescript/syntax.py"},
    "psycopg": {"codegen/engines/postgres/", "codegen/importers/sql/postgres.py"},
    "psycopg_pool": {"codegen/engines/postgres/"},
    "numpy": {"codegen/engines/ranking.py"},
    "pytest": {"codegen/testing/plugin.py"},
    "httpx": {"codegen/convex/"},
    "httpcore": {"codegen/convex/deadlines.py"},
    "dotenv": {"codegen/convex/environment.py"},
    "cryptography": {"codegen/convex/minting.py"},
    "nacl": {"codegen/convex/minting.py"},
}
RUNTIME_LIBRARIES = {
    "convex",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "psycopg",
    "psycopg_pool",
    "numpy",
}
CONVEX_LIBRARIES = {
    *("convex", "cryptography", "dotenv", "httpcore", "httpx", "nacl", "pydantic"),
}
TESTING_LIBRARIES = {"pydantic", "pytest"}
GENERATOR_LIBRARIES = {
    *("jinja2", "yaml", "tree_sitter", "tree_sitter_typescript"),
    *("datamodel_code_generator", "psycopg", "pydantic", "pydantic_core"),
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """The absolute names of all modules that a file imports, wherever in it."""
    package = ["codegen", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])])


def libraries_of(part: str) -> set[str]:
    if part == "convex":
        return CONVEX_LIBRARIES
    if part in ("runtime", "engines"):
        return RUNTIME_LIBRARIES
    return TESTING_LIBRARIES if part == "testing" else GENERATOR_LIBRARIES


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports(path: Path) -> None:
    part = part_of(path)
    if part in ("__init__", "__main__"):
        return
    for name in imported(path):
        top, *rest = name.split(".")
        if top == "codegen":
            target = rest[0] if rest else part
            assert target == part or target in ALLOWED[part], name
        elif top not in sys.stdlib_module_names:
            assert top in libraries_of(part), name
            where = ONLY_IN.get(top)
            place = path.relative_to(ROOT).as_posix()
            assert where is None or place.startswith(tuple(where)), name


def test_generated_code_imports_the_runtime_and_engines_only() -> None:
    for path in (ROOT / "generated").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                top = (node.module or "").partition(".")[0]
                ours = ("codegen.runtime", "codegen.engines")
                assert node.module in ours or top in sys.stdlib_module_names


def test_files_are_small() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in MODULES
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_drawers() -> None:
    drawers = {"utils.py", "helpers.py", "common.py", "constants.py", "misc.py"}
    assert not drawers & {path.name for path in MODULES}


def test_code_is_made_where_it_is_made_safe() -> None:
    """`Code(…)` of a text that is not a literal stays in the modules that guard it."""
    guards = {"code.py", "layout.py", "docstrings.py", "import_block.py"}
    for path in (PACKAGE / "python").rglob("*.py"):
        if path.name in guards:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            made = isinstance(node, ast.Call) and ast.unparse(node.func) == "Code"
            if made and isinstance(node, ast.Call) and node.args:
                assert isinstance(
                    node.args[0], ast.Constant
                ), f"{path.name}:{node.lineno}"
