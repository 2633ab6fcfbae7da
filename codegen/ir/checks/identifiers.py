"""The shape of Convex's identifiers."""

from __future__ import annotations

import re
from typing import Final

MAX_IDENTIFIER: Final = 64

# `\Z`, for `$` would let a newline by.
is_identifier: Final = re.compile(
    r"(?=_*[A-Za-z0-9])[A-Za-z_][A-Za-z0-9_]{0,63}\Z"
).match


def why_not(name: str) -> str:
    """Why a text is no identifier, as the end of a sentence that begins with it."""
    if not name:
        return "is empty"
    if re.match(r"[A-Za-z_]", name) is None:
        return f"starts with {name[0]!r}, and not with a letter"
    wrong = re.search(r"[^A-Za-z0-9_]", name)
    if wrong is not None:
        return f"contains {wrong[0]!r}: only letters, digits and underscores may follow"
    if len(name) > MAX_IDENTIFIER:
        return f"has {len(name)} characters, {MAX_IDENTIFIER} are allowed"
    return "consists of underscores only"


def shown(name: str) -> str:
    """A name in double quotes, cut when it is long and escaped when it can't be printed."""
    text = name if len(name) <= MAX_IDENTIFIER + 8 else name[:MAX_IDENTIFIER] + "..."
    return '"' + repr(text)[1:-1].replace('"', '\\"') + '"'
