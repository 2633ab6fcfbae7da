"""Named types that contain themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codegen.diagnostics import Path
from codegen.ir.types import (
    Array,
    Constrained,
    Named,
    Object,
    Record,
    Type,
    Union,
)


def references(node: Type, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """The named types that `node` refers to, and the way to each reference."""
    if isinstance(node, Named):
        yield node.name, path
    elif isinstance(node, Array):
        yield from references(node.element, (*path, "element"))
    elif isinstance(node, Record):
        yield from references(node.key, (*path, "key"))
        yield from references(node.value, (*path, "value"))
    elif isinstance(node, Constrained):
        yield from references(node.inner, (*path, "inner"))
    elif isinstance(node, Union):
        for index, arm in enumerate(node.arms):
            yield from references(arm, (*path, "arm", index))
    elif isinstance(node, Object):
        for field in node.fields:
            yield from references(field.type, (*path, "field", field.name))


def find_cycles(types: Mapping[str, Type]) -> list[list[str]]:
    """Cycles of names, in which the last refers to the first.

    Without the last type of each cycle there is no recursion left. Iterative: a chain of names
    may be longer than Python's stack.
    """
    targets = {
        name: list(dict.fromkeys(target for target, _ in references(node)))
        for name, node in types.items()
    }
    by_last: dict[str, list[str]] = {}
    finished: set[str] = set()
    trail: dict[str, None] = {}
    todo = [(name, False) for name in reversed(list(types))]
    while todo:
        name, is_left = todo.pop()
        if is_left:
            trail.pop(name)
            finished.add(name)
        elif name in trail:
            names = list(trail)
            cycle = names[names.index(name) :]
            by_last.setdefault(cycle[-1], cycle)
        elif name not in finished:
            trail[name] = None
            todo.append((name, True))
            todo.extend((target, False) for target in reversed(targets.get(name, [])))
    return list(by_last.values())
