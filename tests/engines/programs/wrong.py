"""What a program may do wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from codegen.runtime import between, gt
from tests.engines.programs.places import OwnMistake, Side

Wrong = Callable[[Side, str, str], object]
"""Takes a side, the name of some document, and a text that means nothing."""


def _fails(*_: object) -> Any:
    raise OwnMistake("of the program's own")


def _some_then_fail(side: Side) -> Iterator[Any]:
    for _ in range(3):
        yield side.new("people", {"name": "some"})
    _fails()


def _many(side: Side, *wrong: Any) -> None:
    new = side.new("people", {"name": "many"})
    side.insert_new(new, *wrong, new)


def _note(**fields: Any) -> Callable[[Side], Any]:
    return lambda side: side.package.NoteNew(**fields)


def _nested(levels: int) -> Any:
    value: Any = 1.0
    for _ in range(levels):
        value = [value]
    return value


_TOO_MUCH: Final[Mapping[str, Callable[[Side], Any]]] = {
    "deep": _note(a=_nested(16)),
    "wide": _note(a=[0.0] * 8193),
    "many fields": _note(**{f"f{number}": 0.0 for number in range(1025)}),
    "a long name": _note(**{"n" * 1025: 0.0}),
    "large": _note(a="x" * (1 << 20)),
    "a name of the system": _note(a={"_b": 1.0}),
    "a form": _note(a={"$integer": "1"}),
    "half a character": _note(a="\ud800"),
}
_OF_IDS: Final[Mapping[str, Wrong]] = {
    "get": lambda side, _, text: side.db.get(side.package.PersonId(text)),
    "delete": lambda side, _, text: side.db.delete(side.package.PersonId(text)),
    "patch": lambda side, _, text: side.db.patch(
        side.package.PersonId(text), side.package.PersonPatch(name="new")
    ),
    "replace": lambda side, _, text: side.db.replace(
        side.package.PersonId(text), side.new("people", {"name": "new"})
    ),
    "refer": lambda side, _, text: side.insert_new(
        side.package.ThingNew(given=1.0, owner=side.package.PersonId(text))
    ),
    "compare": lambda side, _, text: len(
        side.db.run(side.package.people.by_manager(side.package.PersonId(text)))
    ),
}
_OF_TYPES: Final[Mapping[str, Wrong]] = {
    "get nothing": lambda side, *_: side.db.get(None),
    "get a number": lambda side, *_: side.db.get(1),
    "insert a text": lambda side, _, text: side.db.insert(text),
    "insert an id": lambda side, name, _: side.db.insert(side.ids[name]),
    "run a text": lambda side, _, text: side.db.run(text),
    "patch with a text": lambda side, name, text: side.db.patch(side.ids[name], text),
    "patch with another's": lambda side, name, _: side.db.patch(
        side.ids[name], side.package.AccountPatch(place="x")
    ),
    "patch with a whole": lambda side, name, _: side.db.patch(
        side.ids[name], side.package.AccountNew(place="x")
    ),
    "replace by another's": lambda side, name, _: side.db.replace(
        side.ids[name], side.package.AccountNew(place="x")
    ),
    "many with a text": lambda side, _, text: _many(side, text),
    "many by one": lambda side, *_: side.db.insert_many(
        side.new("people", {"name": "x"})
    ),
}
_OF_QUERIES: Final[Mapping[str, Wrong]] = {
    "cursor": lambda side, _, text: side.db.run(
        side.package.people.full_scan().paginate(2, text)
    ),
    "end": lambda side, _, text: side.db.run(
        side.package.people.full_scan().paginate(2, end_cursor=text)
    ),
    "index": lambda side, _, text: side.db.run(side.package.people._index(text, ())),
    "bounds": lambda side, *_: side.db.run(
        side.package.people._index("by_manager", (1.0, 2.0, 3.0, 4.0))
    ),
    "range before the end": lambda side, *_: side.db.run(
        side.package.things._index("by_text", (gt("a"), 1.0))
    ),
    "set": lambda side, *_: side.db.run(side.package.things.by_given({1})),
    "large int": lambda side, *_: side.db.run(
        side.package.things._index("by_count", (2**63,))
    ),
    "text": lambda side, _, text: len(side.db.run(side.package.things.by_text(text))),
    "given": lambda side, _, text: len(
        side.db.run(side.package.things.by_given(between(text, text + "\U0010ffff")))
    ),
    "take many": lambda side, *_: len(
        side.db.run(side.package.people.full_scan().take(2**70))
    ),
    "large page": lambda side, *_: len(
        side.db.run(side.package.people.full_scan().paginate(2**63)).items
    ),
    "take less than none": lambda side, *_: side.db.run(
        side.package.people.full_scan().take(-1)
    ),
}
_OF_SEARCHES: Final[Mapping[str, Wrong]] = {
    "search": lambda side, _, text: len(
        side.db.run(side.package.articles.search_text(text))
    ),
    "search by kind": lambda side, _, text: side.db.run(
        side.package.articles.search_text("a", kind=text)
    ),
    "search cursor": lambda side, _, text: side.db.run(
        side.package.articles.search_text("a").paginate(2, text)
    ),
    "search index": lambda side, _, text: side.db.run(
        side.package.articles._search(text, "a", {})
    ),
    "search filter": lambda side, _, text: side.db.run(
        side.package.articles._search("search_text", "a", {text: "a"})
    ),
    "search for a number": lambda side, *_: side.db.run(
        side.package.articles.search_text(1)
    ),
    "dimensions": lambda side, *_: side.db.run(
        side.package.articles.by_vector([1, 2, 3])
    ),
    "no direction": lambda side, *_: side.db.run(
        side.package.articles.by_vector([0, -0.0])
    ),
    "vector index": lambda side, _, text: side.db.run(
        side.package.articles._nearest(text, [1, 0], 1, {})
    ),
    "vector of text": lambda side, _, text: side.db.run(
        side.package.articles.by_vector(text)
    ),
}
_OF_FUNCTIONS: Final[Mapping[str, Wrong]] = {
    "filter fails": lambda side, *_: side.db.run(
        side.package.people.full_scan().filter(_fails).first()
    ),
    "transact fails": lambda side, *_: side.db.transact(_fails),
    "transact undoes": lambda side, *_: side.db.transact(
        lambda db: _fails(db.insert(side.new("people", {"name": "undone"})))
    ),
    "transact nests": lambda side, *_: side.db.transact(
        lambda db: db.transact(
            lambda db: db.delete(db.insert(side.new("people", {"name": "brief"})))
        )
    ),
    "many that fail": lambda side, *_: side.db.insert_many(_some_then_fail(side)),
    "none": lambda side, *_: side.db.insert_many([]),
}

WRONG: Final[Mapping[str, Wrong]] = {
    **{
        f"{way} {what}": wrong
        for what, new in _TOO_MUCH.items()
        for way, wrong in (
            ("insert", lambda side, *_, new=new: side.insert_new(new(side))),
            ("insert many", lambda side, *_, new=new: _many(side, new(side))),
        )
    },
    **_OF_IDS,
    **_OF_TYPES,
    **_OF_QUERIES,
    **_OF_SEARCHES,
    **_OF_FUNCTIONS,
}
"""All of it, by what it is."""
