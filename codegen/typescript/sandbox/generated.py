"""What stands in for the files that Convex generates, which may be absent or out of date."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from codegen.typescript.resolution import Found

_PATH: Final = re.compile(r"(?:^|.*/)_generated/(server|api|dataModel)(?:\.[jt]s)?$")
# What `convex/src/cli/codegen_templates` of the npm package writes. Older releases of the package
# have no components.
_TEXTS: Final = {
    "server": b"""\
export {
  actionGeneric as action,
  httpActionGeneric as httpAction,
  internalActionGeneric as internalAction,
  internalMutationGeneric as internalMutation,
  internalQueryGeneric as internalQuery,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
export const env = process.env;
""",
    "api": b"""\
import * as server from "convex/server";
export const api = server.anyApi;
export const internal = server.anyApi;
export const components = server.componentsGeneric?.();
""",
    "dataModel": b"export {};\n",
}


def generated(specifier: str, importer: str) -> Found | None:
    """The stand-in for a generated file; None if the specifier names no such file."""
    match = _PATH.match(specifier)
    if match is None or not specifier.startswith("."):
        return None
    folder = posixpath.dirname(posixpath.join(posixpath.dirname(importer), specifier))
    path = posixpath.join(posixpath.normpath(folder), f"{match[1]}.js")
    return Found(path, _TEXTS[match[1]])
