"""`codegen generate`: against other generators, as schemas grow, and after an edit."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from .processes import Contender, codegen, python, take_turns
from .projects import Scale, Workshop, always
from .rows import Row
from .schemas import write_convex_json, write_json_schema, write_yaml


def peers(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """A package from nothing, from the same schema that the others read."""
    convex = workshop.project(write_convex_json, "json", scale.tables)
    json_schema = workshop.project(write_json_schema, "json", scale.tables)
    ours = Contender(codegen("generate"), workshop.copies(convex), scale.turns)
    words = "--input-file-type jsonschema --output-model-type pydantic_v2.BaseModel"
    dmcg = Contender(
        python(
            *("-W", "ignore", "-m", "datamodel_code_generator", *words.split()),
            *("--input", "schema.json", "--output", "models.py"),
        ),
        workshop.copies(json_schema),
        scale.slow_turns,
    )
    command = _convex_to_pydantic()
    argv = [command or "", "generate", "--input", "schema.json", "--output-dir", "out"]
    formatted = Contender(argv, workshop.copies(convex), scale.turns)
    plain = Contender([*argv, "--no-format"], workshop.copies(convex), scale.turns)
    take_turns(ours, dmcg, *((formatted, plain) if command else ()))

    tables = f"{scale.tables:,} tables"
    what = f"generate {tables}, datamodel-code-generator / ours"
    yield Row(what, dmcg.time / ours.time, f"{dmcg} / {ours}", at_least=25)
    what = f"generate {tables}, convex-to-pydantic / ours"
    unformatted = f"{what}, without its formatting"
    if command is None:
        yield Row(what, None, "pip install convex-to-pydantic", at_least=1.5)
        return
    yield Row(what, formatted.time / ours.time, f"{formatted} / {ours}", at_least=1.5)
    yield Row(unformatted, plain.time / ours.time, f"{plain} / {ours}")


def growth(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """Five times the tables, in time and in memory, from both languages."""
    for suffix, write in (("json", write_convex_json), ("yaml", write_yaml)):
        small, large = (
            Contender(
                codegen("generate"),
                workshop.copies(workshop.project(write, suffix, tables)),
                turns,
            )
            for tables, turns in (
                (scale.tables, scale.turns),
                (scale.large, scale.slow_turns),
            )
        )
        take_turns(small, large)
        what = f"generate {scale.large:,} / {scale.tables:,} tables of {suffix.upper()}"
        yield Row(what, large.time / small.time, f"{large} / {small}", at_most=5.5)
        megabytes = f"{large.memory:.0f} MB / {small.memory:.0f} MB"
        ratio = large.memory / small.memory
        yield Row(f"{what}, memory", ratio, megabytes, at_most=5.5)


def edit(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """One table of one file has a field more: the package again, and what was written."""
    original = workshop.yaml_project(scale.tables)
    generated = workshop.copies(original)()
    take_turns(Contender(codegen("generate"), always(generated), 1))
    write_yaml(generated / "schema.yaml", scale.tables, edited=scale.tables // 2)
    cold = Contender(codegen("generate"), workshop.copies(original), scale.turns)
    places: list[Path] = []

    def place() -> Path:
        places.append(workshop.copies(generated)())
        return places[-1]

    again = Contender(codegen("generate"), place, scale.turns)
    take_turns(cold, again)
    written = _changed(generated, places[-1])
    what = f"generate {scale.tables:,} tables after an edit of one / cold"
    seen = f"{again.work:.2f} s / {cold.work:.2f} s; wrote {', '.join(written)}"
    yield Row(f"{what}, work", again.work / cold.work, seen, at_most=0.55)
    # A cold run has enough to do for two processors, the other one has not.
    yield Row(f"{what}, time", again.time / cold.time, f"{again} / {cold}")


def _convex_to_pydantic() -> str | None:
    beside = Path(sys.executable).parent
    return shutil.which("convex-to-pydantic", path=beside) or shutil.which(
        "convex-to-pydantic"
    )


def _changed(before: Path, after: Path) -> list[str]:
    """The files of the package that were written, by their times."""
    found: list[str] = []
    for path in sorted((after / "generated").rglob("*.*")):
        old = before / path.relative_to(after)
        if not old.exists() or path.stat().st_mtime_ns != old.stat().st_mtime_ns:
            found.append(path.name)
    return found
