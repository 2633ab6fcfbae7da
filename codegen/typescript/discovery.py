"""Which files of a `convex` folder are modules with functions.

The rules are those of Convex's command line (`entryPoints` in `bundler/index.ts` of the npm
package `convex`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final

SCHEMA_FILES: Final = ("schema.ts", "schema.js")
"""The files of a `convex` folder that may hold its schema."""
_SUFFIXES: Final = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_COMPONENT: Final = "convex.config.ts"
_MODULE: Final = re.compile(rb"^\s{0,100}(import|export)", re.MULTILINE)


def module_files(names: Sequence[str]) -> Iterator[str]:
    """The modules among the files of a folder, by their paths in it."""
    components = {
        posixpath.dirname(name)
        for name in names
        if posixpath.basename(name) == _COMPONENT and posixpath.dirname(name)
    }
    for name in names:
        base = posixpath.basename(name)
        if (
            name.endswith(_SUFFIXES)
            and not name.startswith(("_generated/", "_deps/"))
            and "node_modules" not in name.split("/")
            and not base.startswith((".", "#"))
            and base not in SCHEMA_FILES
            and base.count(".") == 1
            and " " not in name
            and not any(name.startswith(f"{folder}/") for folder in components)
        ):
            yield name


def is_module(path: str, data: bytes) -> bool:
    """Whether a file imports or exports anything; other TypeScript files are left out."""
    return not path.endswith((".ts", ".tsx")) or _MODULE.search(data) is not None


def module_path(name: str) -> str:
    """What a function's path begins with: `admin/users` for `admin/users.ts`."""
    return posixpath.splitext(name)[0]
