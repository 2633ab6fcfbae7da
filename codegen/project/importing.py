"""From a schema in any language to the text of a native schema file."""

from __future__ import annotations

from codegen.diagnostics import Diagnostic, Diagnostics, locate_fault
from codegen.language.load import load
from codegen.language.native_writer import dumps
from codegen.language.plain_unions import with_plain_unions
from codegen.language.source import Loaded, SourceFile

from .named_objects import with_named_objects


def native_text(loaded: Loaded, diagnostics: Diagnostics) -> str | None:
    """A schema in the native language; warns of types that it writes in another way.

    None, after a report, if the language can't say it.
    """
    if not loaded.schema.tables:
        hint = "a schema of the native language has at least one"
        diagnostics.add(Diagnostic("E115", "this schema has no tables", hint=hint))
        return None
    plain, faults = with_plain_unions(loaded.schema)
    diagnostics.extend(locate_fault(fault, loaded.locate) for fault in faults)
    text = dumps(with_named_objects(plain))
    found = Diagnostics()
    again = load([SourceFile("schema.yaml", text.encode())], found)
    if again is None or dumps(again.schema) != text:
        raise AssertionError(f"the text is not read as the schema: {list(found)[:5]}")
    return text
