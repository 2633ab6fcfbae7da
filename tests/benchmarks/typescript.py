"""`schema.ts` to the JSON that Convex exports: by reading it, and by running it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from codegen.diagnostics import Diagnostics
from codegen.typescript.schema import read_schema
from tests.npm import NODE, installed
from tests.typescript.real.packages import PROJECT
from tests.typescript.sources import Sources

from .calls import Repeated
from .calls import take_turns as take_turns_of_calls
from .processes import ROOT, Contender, codegen, take_turns
from .projects import Scale, Workshop, always
from .rows import Row
from .schemas import write_typescript

_SCHEMA: Final = "schema.ts"
_CACHE: Final = ROOT / ".pytest_cache" / "d" / "typescript"


def typescript(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """A schema of 40 tables, as many apps have; the others need their packages installed."""
    tables = scale.tables // 25 or 1
    folder = workshop.empty()
    write_typescript(folder / _SCHEMA, tables)
    modules = installed(PROJECT, _CACHE) / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    ours = Contender(
        codegen("export", "--to", "convex-json", "--schema", _SCHEMA),
        always(folder),
        scale.turns * 3,
    )
    run = Contender(["sh", "-c", _bundle_and_run(modules)], always(folder), ours.turns)
    take_turns(ours, run)
    what = f"schema.ts of {tables} tables, esbuild and Node / ours"
    yield Row(what, run.time / ours.time, f"{run} / {ours}", at_least=1.5)

    files = Sources(folder)
    warm = Repeated(lambda: _read(files), scale.turns * 3)
    take_turns_of_calls(warm)
    seen = f"{run} / {warm}"
    yield Row(f"{what}, in a warm process", run.time / warm.time, seen, at_least=10)


def _read(files: Sources) -> None:
    diagnostics = Diagnostics()
    if read_schema(files, _SCHEMA, diagnostics) is None:
        raise AssertionError([*diagnostics])


def _bundle_and_run(modules: Path) -> str:
    esbuild = modules / ".bin" / "esbuild"
    words = (
        "--bundle --format=esm --platform=node --log-level=error --outfile=schema.mjs"
    )
    script = (
        'import("./schema.mjs").then((m) => process.stdout.write(m.default.export()))'
    )
    node = shlex.join([str(NODE), "-e", script])
    return f"{shlex.quote(str(esbuild))} {_SCHEMA} {words} && {node}"
