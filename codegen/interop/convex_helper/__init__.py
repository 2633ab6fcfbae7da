"""Functions of a Convex deployment that read and write documents for us, in TypeScript.

They know no schema: what they are asked names tables, indexes and fields.
"""

from importlib.resources import files
from typing import Final

FILE: Final = "tablewright.ts"
"""The name of the module in the folder of the app's functions; paths of functions begin with it."""


def dumps() -> str:
    return files(__name__).joinpath(FILE).read_text("utf-8")
