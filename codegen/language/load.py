"""Which front end reads the files of a schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span

from .source import Loaded, SourceFile

_YAML: Final = ("yaml", "yml")
_JSON: Final = "json"


def load(files: Sequence[SourceFile], diagnostics: Diagnostics) -> Loaded | None:
    """The schema that `files` say together: YAML files, or one file of Convex's JSON.

    None, after a report, if nothing could be read. Where `diagnostics` have failed, what is
    given may be faulty: `Any` stands in for what could not be read.
    """
    if not files:
        diagnostics.add(Diagnostic("E001", "there is no schema file"))
        return None
    suffixes = [file.path.rpartition(".")[2].lower() for file in files]
    if all(suffix in _YAML for suffix in suffixes):
        from .native import load_native

        return load_native(files, diagnostics)
    if suffixes == [_JSON]:
        from .convex_json import load as load_convex_json

        return load_convex_json(files[0], diagnostics)
    _refuse_mixture(files, suffixes, diagnostics)
    return None


def _refuse_mixture(
    files: Sequence[SourceFile], suffixes: Sequence[str], diagnostics: Diagnostics
) -> None:
    """Reports each file that cannot be part of a schema, or not with the others."""
    for file, suffix in zip(files, suffixes, strict=True):
        place = Span(file.path, 1, 1, 1, 1)
        if suffix == _JSON:
            message = "a JSON file is a whole schema: it cannot stand beside others"
            diagnostics.add(Diagnostic("E001", message, place))
        elif suffix not in _YAML:
            message = "unknown kind of schema file"
            hint = "a schema is written in .yaml files, or in one .json file"
            diagnostics.add(Diagnostic("E001", message, place, hint))
