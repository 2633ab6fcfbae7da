"""`schema.ts` to the JSON that Convex exports: by reading it, and by running it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from codegen.diagnostics import Diagnostics
from codegen.typescript.schema import read_schema
from tests.npm import NODE, installed
from tests.typescript.real.packages import PROJECT
from tests.typescript.sources import Sources

from .calls import Repeated
from .calls import take_turns as take_turns_of_calls
from .processes import ROOT, Contender, codegen, python, take_turns
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
    ours = Contender(python("-c", _TO_IR), always(folder), scale.turns * 3)
    command = Contender(
        codegen("export", "--to", "convex-json", "--schema", _SCHEMA),
        always(folder),
        ours.turns,
    )
    (binary,) = (modules / "@esbuild").glob("*/bin/esbuild")
    by_npx, direct = (
        Contender(["sh", "-c", _bundle_and_run(esbuild)], always(folder), ours.turns)
        for esbuild in ("npx --offline esbuild", shlex.quote(str(binary)))
    )
    (folder / "bundle.mjs").write_text(_BY_API, encoding="utf-8")
    by_api = Contender([str(NODE), "bundle.mjs"], always(folder), ours.turns)
    take_turns(ours, command, by_npx, by_api, direct)
    files = Sources(folder)
    warm = Repeated(lambda: _read(files), scale.turns * 3)
    take_turns_of_calls(warm)

    what = f"schema.ts of {tables} tables, npx esbuild and node / ours"
    seen = f"{by_npx} / {ours}"
    yield Row(what, by_npx.time / ours.time, seen, at_least=1.5)
    seen = f"{by_npx} / {warm}"
    yield Row(f"{what}, warm", by_npx.time / warm.time, seen, at_least=10)
    what = f"schema.ts of {tables} tables, esbuild's API in node / ours"
    yield Row(what, by_api.time / ours.time, f"{by_api} / {ours}")
    yield Row(f"{what}, warm", by_api.time / warm.time, f"{by_api} / {warm}")
    what = f"schema.ts of {tables} tables, esbuild's binary and node / ours"
    yield Row(what, direct.time / ours.time, f"{direct} / {ours}")
    yield Row(f"{what}, warm", direct.time / warm.time, f"{direct} / {warm}")
    what = f"schema.ts of {tables} tables, npx esbuild and node / codegen export"
    yield Row(what, by_npx.time / command.time, f"{by_npx} / {command}")


_TO_IR: Final = f"""
import gc
gc.disable()
from codegen.diagnostics import Diagnostics
from codegen.project.convex_app import read_convex
from codegen.output.tree import DiskTree
loaded = read_convex(DiskTree("."), "{_SCHEMA}", Diagnostics(), ".", evaluate=False)
assert loaded is not None
gc.freeze()
"""


# One process less: esbuild's API, and what it made is imported beside it.
_BY_API: Final = f"""
import {{ build }} from "esbuild";
await build({{
  entryPoints: ["{_SCHEMA}"],
  bundle: true,
  format: "esm",
  platform: "node",
  outfile: "bundled.mjs",
  logLevel: "error",
}});
const module = await import("./bundled.mjs");
process.stdout.write(module.default.export());
"""


def _read(files: Sources) -> None:
    diagnostics = Diagnostics()
    if read_schema(files, _SCHEMA, diagnostics) is None:
        raise AssertionError([*diagnostics])


def _bundle_and_run(esbuild: str) -> str:
    words = (
        "--bundle --format=esm --platform=node --log-level=error --outfile=schema.mjs"
    )
    script = (
        'import("./schema.mjs").then((m) => process.stdout.write(m.default.export()))'
    )
    node = shlex.join([str(NODE), "-e", script])
    return f"{esbuild} {_SCHEMA} {words} && {node}"
