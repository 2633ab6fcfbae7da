"""What is to be said of modules that could be read."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diagnostics import Diagnostic, Note

from .declared import unneeded
from .program import Program
from .syntax import Source


def remarks(program: Program) -> Iterator[Diagnostic]:
    """Warns of keys that are there twice, and of comments that declare types without effect.

    Where packages were read there is no telling of comments: without them, one may be needed.
    """
    for source in program.own_sources():
        yield from _repeated_keys(source)
        if program.has_read_packages:
            continue
        for comment in unneeded(source):
            message = "this comment changes nothing: what is beside it can be read"
            hint = "remove it; a type is what its validator says"
            yield Diagnostic("W704", message, source.span(comment), hint)


def _repeated_keys(source: Source) -> Iterator[Diagnostic]:
    for name, first, again in source.repeated_keys.values():
        message = f"`{name}` is there twice in this object: the last one counts"
        hint = "remove one of them: TypeScript refuses it, too"
        notes = (Note("the first is here", source.span(first)),)
        yield Diagnostic("W705", message, source.span(again), hint, notes)
