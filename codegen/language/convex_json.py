"""The front end for Convex JSON: what `schema.export()` gives and the server accepts."""

from __future__ import annotations

from codegen.diagnostics import Diagnostics

from .convex_json_places import Places
from .convex_json_reader import Reader
from .json_reading import read_json
from .source import Loaded, SourceFile


def load(file: SourceFile, diagnostics: Diagnostics) -> Loaded | None:
    """The schema of a file of Convex JSON; None, and diagnostics, where it has none."""
    read = read_json(file, lambda data, found: Reader(found).schema(data), diagnostics)
    if read is None:
        return None
    schema, positions = read
    return Loaded(schema, Places(positions).locate, exported=True)
