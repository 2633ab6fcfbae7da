"""Names that no scope has."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from codegen.diagnostics import closest

from .scopes import Scope
from .syntax import Node
from .values import Refused, Unreadable

# What JavaScript's engines have, and is not evaluated here.
_GLOBALS: Final = frozenset(
    (
        *(
            "AbortController",
            "Atomics",
            "Blob",
            "Buffer",
            "Bun",
            "Crypto",
            "DataView",
            "Date",
        ),
        *(
            "Deno",
            "Error",
            "Event",
            "EventTarget",
            "File",
            "Float32Array",
            "Float64Array",
        ),
        *(
            "FormData",
            "Function",
            "Headers",
            "Int16Array",
            "Int32Array",
            "Int8Array",
            "Intl",
        ),
        *(
            "Iterator",
            "JSON",
            "Math",
            "Promise",
            "Proxy",
            "RangeError",
            "ReadableStream",
        ),
        *("ReferenceError", "Reflect", "RegExp", "Request", "Response", "Symbol"),
        *(
            "SyntaxError",
            "TextDecoder",
            "TextEncoder",
            "TypeError",
            "URL",
            "URLSearchParams",
        ),
        *("Uint16Array", "Uint32Array", "Uint8Array", "WeakMap", "WeakRef", "WeakSet"),
        *(
            "WebAssembly",
            "WebSocket",
            "__dirname",
            "__filename",
            "arguments",
            "atob",
            "btoa",
        ),
        *("clearInterval", "clearTimeout", "crypto", "decodeURIComponent", "document"),
        *(
            "encodeURIComponent",
            "escape",
            "eval",
            "exports",
            "fetch",
            "global",
            "globalThis",
        ),
        *(
            "import",
            "isFinite",
            "isNaN",
            "module",
            "navigator",
            "new",
            "parseFloat",
            "parseInt",
        ),
        *(
            "performance",
            "queueMicrotask",
            "require",
            "self",
            "setInterval",
            "setTimeout",
        ),
        *("structuredClone", "super", "this", "unescape", "window"),
    )
)


_FEW: Final = 500
"""How many names are compared at most with one that is not declared."""


def _is_declared(name: str, scope: Scope) -> bool:
    """Whether a form of declaration that is not read, such as a namespace, has the name."""
    data = scope.source.data
    if not any(
        word in data for word in (b"namespace ", b"module ", b"declare ", b" = require")
    ):
        return False
    words = rb"\b(?:namespace|module|import|declare\s+\w+)\s+" + re.escape(
        name.encode()
    )
    return re.search(words + rb"\b", data) is not None


def undeclared(name: str, scope: Scope, node: Node) -> Unreadable:
    """Why a name stands for nothing: the engine has it, or nobody declared it."""
    if name in _GLOBALS or _is_declared(name, scope):
        return Unreadable(f"what `{name}` gives", scope.origin(node))
    known: set[str] = set()
    around: Scope | None = scope
    while around is not None:
        known.update(around.names)
        around = around.parent
    message = f"`{name}` is not declared"
    return Refused(message, scope.origin(node), near(name, known))


def near(name: str, known: Collection[str]) -> str:
    """A "did you mean" hint; none where there are too many names to compare."""
    return closest(name, known) if len(known) <= _FEW else ""
