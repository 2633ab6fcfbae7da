"""The oracle takes the files that Convex's CLI takes, and says what could not be loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typescript.conftest import Export
from tests.typescript.real.exported import export

FUNCTION = """
import { query } from "./_generated/server";
export const list = query({ args: {}, handler: async () => null });
"""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.slow
def test_modules(exported: Export, tmp_path: Path) -> None:
    nested = FUNCTION.replace("./", "../")
    files = {
        "messages.ts": FUNCTION,
        "admin/messages.js": nested,
        "admin/default.tsx": nested.replace("const list =", "default"),
        "admin/_generated/x.ts": nested.replace("../", "../../"),
    }
    skipped = {
        "schema.js": "throw new Error()",
        "admin/schema.ts": nested,
        "_generated/x.ts": FUNCTION,
        "messages.test.ts": FUNCTION,
        "types.d.ts": "export declare const x: number;",
        ".hidden.ts": FUNCTION,
        "#messages.ts": FUNCTION,
        "two words.ts": FUNCTION,
        "notes.md": "",
        "empty.ts": "// nothing yet",
        "component/convex.config.ts": "export {}",
        "component/messages.ts": nested,
    }
    real = exported(write(tmp_path, files | skipped))
    assert [function.path for function in real.functions] == [
        "admin/_generated/x:list",
        "admin/default:default",
        "admin/messages:list",
        "messages:list",
    ]
    # The schema is no module, but it is read.
    assert {*real.failed} == {"schema"} and real.schema is None


@pytest.mark.slow
def test_functions(exported: Export, tmp_path: Path) -> None:
    functions = """
      import { v } from "convex/values";
      import { internalAction, httpAction, mutation } from "./_generated/server";
      import { components, internal } from "./_generated/api";
      export const child = components.workpool.lib.status;
      export const self = internal.jobs.run;
      export const run = internalAction(async () => {});
      export const web = httpAction(async () => new Response());
      export const add = mutation({
        args: { zebra: v.optional(v.int64()), apple: v.id("fruits") },
        returns: v.union(v.null(), v.number()),
        handler: async () => null,
      });
    """
    real = exported(write(tmp_path, {"jobs.ts": functions}))
    add, run = real.functions
    assert (add.path, add.type, add.visibility) == ("jobs:add", "mutation", "public")
    assert isinstance(add.args, dict) and isinstance(add.args["value"], dict)
    assert [*add.args["value"]] == ["zebra", "apple"]
    assert add.returns == {
        "type": "union",
        "value": [{"type": "null"}, {"type": "number"}],
    }
    assert (run.path, run.type, run.visibility) == ("jobs:run", "action", "internal")
    assert run.args == {"type": "any"} and run.returns is None


@pytest.mark.slow
def test_what_is_missing_may_be_used_by_handlers(
    exported: Export, tmp_path: Path
) -> None:
    files = {
        "handler.ts": 'import { pay } from "payments";\n'
        + FUNCTION.replace("=> null", "=> pay()"),
        "validator.ts": 'import { fields } from "payments";\n'
        + FUNCTION.replace("args: {}", "args: { ...fields }"),
        "fine.ts": FUNCTION,
    }
    real = exported(write(tmp_path, files))
    assert [function.path for function in real.functions] == [
        "fine:list",
        "handler:list",
    ]
    assert real.failed == {"validator": "payments is not here to be imported"}


@pytest.mark.slow
def test_errors_of_syntax(installed: Path, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"schema\.ts:1:15"):
        export(installed, write(tmp_path, {"schema.ts": "export default ;"}))
