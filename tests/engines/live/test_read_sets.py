"""What a query depends on: stretches of indexes, and documents by their ids."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.engines.commands import Command, Fetch, Found, Latest, Plan, Scan
from codegen.engines.live.changes import ANYTHING, CUT, Change
from codegen.engines.live.read_set import ReadSet


def read(*commands: Command, found: list[Found] | None = None) -> ReadSet:
    """The read set of a plan that yields these commands, each answered with what is found."""

    answers: list[Any] = []

    def plan() -> Plan[None]:
        for command in commands:
            answers.append((yield command))

    made = ReadSet()
    recorded = made.recorded(plan())
    answer: Any = None
    for _ in commands:
        command = recorded.send(answer)
        limit = command.limit if isinstance(command, Scan) else None
        answer = (found or [])[:limit]
    with pytest.raises(StopIteration):
        recorded.send(answer)
    return made


def at(*keys: bytes, table: str = "a", id: str = "1") -> Change:
    return Change(table, id, {"by_x": keys})


def rows(*keys: bytes) -> list[Found]:
    return [("{}", key) for key in keys]


SCAN = Scan("a", "by_x", b"b", b"d")


def test_a_stretch_has_its_lower_end_and_not_its_upper() -> None:
    made = read(SCAN)
    assert [made.depends_on(at(key)) for key in (b"a", b"b", b"c", b"d", b"e")] == [
        *(False, True, True, False, False)
    ]


def test_old_and_new_keys_matter() -> None:
    assert read(SCAN).depends_on(at(b"a", b"c"))
    assert read(SCAN).depends_on(at(b"c", b"z"))


def test_other_tables_and_indexes_do_not_matter() -> None:
    assert not read(SCAN).depends_on(at(b"c", table="b"))
    assert not read(SCAN).depends_on(Change("a", "1", {"by_x": (), "by_y": (b"c",)}))


def test_an_index_that_the_writer_does_not_know() -> None:
    assert read(SCAN).depends_on(Change("a", "1", {"by_y": (b"c",)}))


def test_whole_tables_and_anything() -> None:
    for made in (read(SCAN), read(Fetch("a", "9"))):
        assert made.depends_on(Change("a")) and made.depends_on(ANYTHING)
        assert not made.depends_on(Change("b"))


def test_a_document_by_its_id() -> None:
    made = read(Fetch("a", "1"))
    assert made.depends_on(at(b"c")) and not made.depends_on(at(b"c", id="2"))


def test_commands_that_it_does_not_know_read_the_whole_table() -> None:
    assert read(Latest("a")).depends_on(at(b"c", id="2"))


def test_a_limit_that_is_reached_ends_at_the_last_key() -> None:
    up = read(SCAN._replace(limit=1), found=rows(b"bb"))
    assert up.depends_on(at(b"ba")) and up.depends_on(at(b"bb"))
    assert not up.depends_on(at(b"bba"))
    down = read(SCAN._replace(limit=1, descending=True), found=rows(b"bb"))
    assert down.depends_on(at(b"bb")) and down.depends_on(at(b"c"))
    assert not down.depends_on(at(b"ba"))


def test_a_limit_that_is_not_reached() -> None:
    made = read(SCAN._replace(limit=3), found=rows(b"bb"))
    assert made.depends_on(at(b"b")) and made.depends_on(at(b"cz"))


def test_portions_one_after_the_other_are_one_stretch() -> None:
    first = SCAN._replace(limit=1)
    made = read(first, first._replace(lower=b"bb\x00"), found=rows(b"bb"))
    assert made.depends_on(at(b"bb"))
    assert len(made._stretches["a"]["by_x"]) == 1  # pyright: ignore


@pytest.mark.parametrize("length", [CUT - 1, CUT, CUT + 1, 3 * CUT])
def test_keys_that_were_cut_off(length: int) -> None:
    """Each change that matters with its whole key matters with what is told of it."""
    same = b"k" * length
    ends = [same, same + b"a", same + b"b", same + b"\xff"]
    for lower in ends:
        for upper in ends:
            made = read(Scan("a", "by_x", lower, upper))
            for key in (same, same + b"a", same + b"az", same + b"c"):
                told = made.depends_on(at(key[:CUT]))
                assert told or not lower <= key < upper


def test_far_keys_that_were_cut_off_do_not_matter() -> None:
    made = read(Scan("a", "by_x", b"b" * 200, b"b" * 200 + b"\xff"))
    assert not made.depends_on(at(b"a" * CUT)) and not made.depends_on(at(b"c" * CUT))
