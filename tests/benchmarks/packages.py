"""A package that is there already: checked, and imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .processes import Contender, codegen, python, take_turns
from .projects import Scale, Workshop, always
from .rows import Row

SMALL = 2
_IMPORT = "from generated import Item1; Item1.model_rebuild()"


def check(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """`codegen check` when nothing has changed, against a Python that does nothing."""
    project = _generated(scale.tables, workshop)
    nothing = Contender(python("-c", "pass"), always(project), scale.turns * 3)
    ours = Contender(codegen("check"), always(project), scale.turns * 3)
    take_turns(nothing, ours)
    what = f"check {scale.tables:,} tables / python -c pass"
    yield Row(what, ours.time / nothing.time, f"{ours} / {nothing}", at_most=4.5)


def imports(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """One document out of a large package and out of a small one, ready to validate."""
    small = _generated(SMALL, workshop)
    large = _generated(scale.tables, workshop)
    few, many, base = (
        Contender(python("-c", code), always(place), scale.turns * 3)
        for code, place in (
            (_IMPORT, small),
            (_IMPORT, large),
            ("import codegen.runtime", small),
        )
    )
    take_turns(few, many, base)
    what = f"import a document of {scale.tables:,} tables / of {SMALL}"
    yield Row(what, many.time / few.time, f"{many} / {few}", at_most=1.3)
    seen = f"{many} / {base}"
    yield Row("the same / import codegen.runtime alone", many.time / base.time, seen)


def _generated(tables: int, workshop: Workshop) -> Path:
    project = workshop.yaml_project(tables)
    take_turns(Contender(codegen("generate"), always(project), 1))
    return project
