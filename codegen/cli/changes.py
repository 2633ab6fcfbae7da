"""Changes from one schema to another, and the way there, as commands tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from .console import Console

if TYPE_CHECKING:
    from codegen.ir.delta import Change
    from codegen.ir.model import Schema


class Way(NamedTuple):
    """What is done to give a schema to what has the documents, and to change these."""

    give: str
    backfill: str


BY_APPLYING = Way("apply", "with codegen migrate")
BY_PUSHING = Way("push", "with a mutation, or with this package")


def tell(console: Console, changes: Sequence[Change]) -> None:
    """Each change, with what it means for documents and for others' code."""
    for change in changes:
        if console.format != "text":
            console.change(change.kind, change.text)
            continue
        is_call = (
            change.path[:1] == ("functions",) and "returns" not in change.path[2:3]
        )
        effects = {
            "stored documents may not fit": change.narrows,
            "calls of older code may be refused": change.widens and is_call,
            "older code may not read it": change.widens and not is_call,
        }
        said = ", ".join(effect for effect, holds in effects.items() if holds)
        console.out(f"{change.kind}: {change.text}" + (f"  ({said})" if said else ""))


def tell_way(
    console: Console, old: Schema, new: Schema, way: Way = BY_APPLYING
) -> None:
    """How to get there where stored documents may not fit."""
    from codegen.ir.transition import transition

    stages = transition(old, new)
    if console.format != "text":
        for place, widen, backfill in stages:
            console.stage(place, widen, backfill)
    elif stages:
        wider = [f"   {stage.widen}" for stage in stages if stage.widen]
        console.out()
        console.out("Where stored documents do not fit, change them in three steps:")
        if wider:
            console.out(
                f"1. widen: {way.give} a schema that takes old documents and new ones"
            )
        else:
            console.out("1. widen: nothing to do, the schema of before takes both")
        for line in wider:
            console.out(line)
        console.out(f"2. backfill: change documents {way.backfill}")
        for stage in stages:
            if stage.backfill:
                console.out(f"   {stage.place}: {stage.backfill}")
        console.out(f"3. narrow: {way.give} this schema")
