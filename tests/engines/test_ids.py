"""Ids of documents: the text is Convex's own, and says which table a document is of."""

from __future__ import annotations

import struct
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.engines.id_batches import encode_all
from codegen.engines.ids import (
    decode,
    encode,
    leading_number,
    random_bytes,
    timed_bytes,
)
from codegen.runtime import InvalidId

SCHEMA = """
tables:
  zebras: {fields: {name: str}, indexes: {by_name: [name]}}
  apples: {fields: {name: str}}
"""

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"

numbers = st.integers(1, 2**32 - 1) | st.sampled_from([1, 127, 128, 16383, 16384])
own_bytes = st.binary(min_size=16, max_size=16)
times = st.floats(min_value=0, exclude_min=True, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2sh2c7pn6nyvkexbdsfj66vd9h5q3hg", 22),
        ("1f053fgh2tt2fc93mw3sn2x09h5bj08", 11),
    ],
)
def test_ids_of_real_deployments(text: str, number: int) -> None:
    """From the documentation of Convex's own client for Python."""
    found, own = decode(text)
    assert (found, len(own)) == (number, 16)
    assert encode(found, own) == text


@given(numbers, own_bytes)
def test_what_was_encoded_is_decoded(number: int, own: bytes) -> None:
    text = encode(number, own)
    assert decode(text) == (number, own)
    assert 31 <= len(text) <= 37 and set(text) <= set(DIGITS)


@given(numbers, st.lists(own_bytes, max_size=120))
def test_many_at_once_have_the_same_texts(number: int, own: list[bytes]) -> None:
    assert encode_all(number, own) == [encode(number, each) for each in own]


@given(numbers, own_bytes, st.data())
def test_no_other_text_is_the_same_id(
    number: int, own: bytes, data: st.DataObject
) -> None:
    """One changed digit, one too many, one missing: an id has only one text."""
    text = encode(number, own)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(DIGITS.replace(text[at], "")))
    for wrong in (
        text[:at] + other + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[:at] + other + text[at:],
        text + "0",
        "0" + text,
    ):
        try:
            found = decode(wrong)
        except ValueError:
            continue
        # A checksum of 16 bits lets some changes pass, but then it is another id.
        assert found != (number, own) and encode(*found) == wrong


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + text,
        lambda text: f" {text[1:]}",
        lambda text: f"{text[:5]}_{text[6:]}",
        lambda text: f"+{text[1:]}",
        lambda text: f"{text[:-1]}\n",
        lambda text: f"{text[:-1]}\0",
        lambda text: f"{text[:-1]}é",
        lambda text: f"{text[:-1]}٣",
        lambda text: f"{text[:-1]}\ud800",
        lambda text: text.replace(text[3], "u"),
        lambda text: text.replace(text[3], "i"),
        lambda text: "0" * len(text),
        lambda text: "z" * len(text),
    ],
)
def test_anything_else_is_no_id(
    models: ModuleType, db: Any, change: Callable[[str], str]
) -> None:
    """The alphabet has no capitals, and neither i, l, o nor u."""
    text = change(str(db.insert(models.ZebraNew(name="Zoe"))))
    with pytest.raises(ValueError, match=r"id|checksum|parts|letter"):
        decode(text)
    for call in (db.get, db.delete, lambda id: db.patch(id, models.ZebraPatch())):
        with pytest.raises(InvalidId) as caught:
            call(models.ZebraId(text))
        assert (caught.value.table, caught.value.id) == ("zebras", text)


@pytest.mark.parametrize("number", [1, 10_001, 20_000, 2**20, 2**27, 2**31])
def test_a_digit_more_is_no_id(number: int) -> None:
    """Ids have different lengths: all must be told from one with a digit at the end."""
    with pytest.raises(ValueError, match=r"id|checksum|parts|letter"):
        decode(encode(number, bytes(range(16))) + "0")


def test_tables_have_numbers_from_10001_on(models: ModuleType, db: Any) -> None:
    apple = db.insert(models.AppleNew(name="a"))
    zebra = db.insert(models.ZebraNew(name="z"))
    assert [decode(apple)[0], decode(zebra)[0]] == [10_001, 10_002]
    assert type(apple) is models.AppleId and type(zebra) is models.ZebraId


def test_the_numbers_of_tables_stay(models: ModuleType, url: str) -> None:
    with models.server.connect(url) as db:
        first = db.insert(models.ZebraNew(name="z"))
    with models.server.connect(url) as db:
        assert decode(db.insert(models.ZebraNew(name="z")))[0] == decode(first)[0]
        assert db.get(models.ZebraId(str(first))).name == "z"


def test_an_id_of_another_table_is_refused(models: ModuleType, db: Any) -> None:
    """The class says one table, and the text another."""
    apple = db.insert(models.AppleNew(name="a"))
    disguised = models.ZebraId(str(apple))
    new, patch = models.ZebraNew(name="z"), models.ZebraPatch(name="z")
    calls: list[Callable[[], object]] = [
        lambda: db.get(disguised),
        lambda: db.patch(disguised, patch),
        lambda: db.replace(disguised, new),
        lambda: db.delete(disguised),
    ]
    for call in calls:
        with pytest.raises(
            InvalidId, match=r"an id of table `apples`|no such id in this table"
        ):
            call()
    assert db.get(apple).name == "a"


def test_an_id_of_no_table_is_refused(models: ModuleType, db: Any) -> None:
    with pytest.raises(InvalidId, match=r"77777|no such id in this table"):
        db.get(models.ZebraId(encode(77_777, bytes(16))))


@given(numbers, own_bytes)
def test_the_leading_number_is_that_of_the_bytes(number: int, own: bytes) -> None:
    first_bits = int.from_bytes(decode(encode(number, own))[1][:8], "big") % 2**63
    assert leading_number(number)(encode(number, own)) == first_bits


@given(numbers, times, times)
def test_leading_numbers_are_in_the_order_of_time(
    number: int, one: float, other: float
) -> None:
    first, second = (
        leading_number(number)(encode(number, timed_bytes(at))) for at in (one, other)
    )
    assert first is not None and second is not None
    assert (first < second, first == second) == (one < other, one == other)


@given(numbers, st.text())
def test_no_text_makes_the_leading_number_fail(number: int, text: str) -> None:
    found = leading_number(number)(text)
    assert found is None or 0 <= found < 2**63


def test_ids_of_a_file_begin_with_the_creation_time(
    models: ModuleType, url: str
) -> None:
    for place in (url, "sqlite://"):
        with models.server.connect(place) as db:
            new = models.ZebraNew(name="z")
            for id in (db.insert(new), *db.insert_many([new] * 3)):
                time = struct.pack(">d", db.get(id).creation_time)
                assert decode(id)[1][:8] == time


def test_ids_of_a_server_end_with_the_day(
    models: ModuleType, postgres_url: str
) -> None:
    """They are in no order, so that those who insert meet nowhere; `full_scan` is in order."""
    with models.server.connect(postgres_url) as db:
        ids = db.insert_many([models.ZebraNew(name="z")] * 20)
        found = db.run(models.zebras.full_scan())
        assert [one.id for one in found] == ids != sorted(ids)
        for one in found:
            day = int(one.creation_time // 86_400_000)
            assert decode(one.id)[1][14:] == struct.pack(">H", day)


@pytest.mark.parametrize(
    ("own_bytes", "random"), [(timed_bytes, slice(8, 16)), (random_bytes, slice(14))]
)
def test_the_time_does_not_tell_the_id(
    own_bytes: Callable[[float], bytes], random: slice
) -> None:
    """Each of its other bytes is random."""
    ends = [own_bytes(1e12)[random] for _ in range(200)]
    assert len(set(ends)) == 200
    assert all(len(set(values)) > 50 for values in zip(*ends, strict=True))


def test_an_id_stays_usable_as_text(models: ModuleType, db: Any) -> None:
    id = db.insert(models.ZebraNew(name="z"))
    assert isinstance(id, str) and db.get(models.ZebraId(str(id))).id == id
