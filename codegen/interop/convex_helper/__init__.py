"""Functions of a Convex deployment that read and write documents for us, in TypeScript.

They know no schema: what they are asked names tables, indexes and fields.
"""

import re
from typing import Final

FILE: Final = "tablewright.ts"
"""The name of the module in the folder of the app's functions; paths of functions begin with it."""


_MARK: Final = b"Written by `codegen export --to convex-helper`"
_HEAD: Final = 1_000


def dumps() -> str:
    """The text of the module."""
    from importlib.resources import files

    return files(__name__).joinpath(FILE).read_text("utf-8")


def version() -> int:
    """The version of the questions that the functions understand, which `version` of them tells."""
    found = re.search(r"^const VERSION = (\d+);$", dumps(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def is_helper(data: bytes) -> bool:
    """Whether the text of a module is one that `dumps` gave, in this version or another."""
    return _MARK in data[:_HEAD]
