"""Functions of a deployment are called with their types, and give them."""

from __future__ import annotations

import logging
import math
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from codegen.convex import (
    ArgumentError,
    FunctionError,
    FunctionNotFound,
    LogLine,
    Unsupported,
)
from codegen.runtime import BigInt, Int64, InvalidResult, Object, Opt
from tests.deployments.conftest import Connect
from tests.deployments.mock_deployment import Place


def send(db: Any, chat: ModuleType, channel: Any, *bodies: str) -> list[Any]:
    calls = [chat.api.messages.send(channel=channel, body=body) for body in bodies]
    return [db.run(call) for call in calls]


def test_a_mutation_writes_and_a_query_reads(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    assert isinstance(channel, chat.ChannelId)
    (sent,) = send(db, chat, channel, "hello")
    assert isinstance(sent, chat.MessageId)
    (message,) = db.run(chat.api.messages.list(channel=channel))
    assert isinstance(message, chat.Message)
    assert (message.id, message.body, message.likes) == (sent, "hello", 0)


def test_absent_and_null_are_two_things(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    api = chat.api.messages
    for given in ({}, {"author": None}, {"author": "me"}):
        db.run(api.send(channel=channel, body="x", **given))
    found = [message.to_wire() for message in db.run(api.list(channel=channel))]
    authors = [message.get("author", "absent") for message in found]
    assert authors == ["absent", None, "me"]


def test_an_action_runs(db: Any, chat: ModuleType) -> None:
    assert db.run(chat.api.values.twice(text="ab")) == "abab"


def test_values_are_exact(db: Any, chat: ModuleType) -> None:
    value = chat.types.everything.Everything(
        float_=-0.0,
        integer=-(2**63),
        bytes_=b"\x00\xff",
        nullable=None,
        many={"a": [math.inf, 5e-324, 1.0], "": []},
    )
    back = db.run(chat.api.values.echo(value=value))
    assert back == value
    assert back.to_wire() == value.to_wire()
    assert math.copysign(1, back.float_) == -1


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0.1,
        -0.0,
        Int64(2**62),
        "ü\x00\U0001f600",
        b"",
        [1.0, [b"x"]],
        {"a": None},
    ],
    ids=repr,
)
def test_any_value_comes_back_as_it_was(
    db: Any, chat: ModuleType, value: object
) -> None:
    back = db.run(chat.api.values.anything(value=value))
    assert back == value
    assert type(back) is type(value)


def test_nan_comes_back(db: Any, chat: ModuleType) -> None:
    assert math.isnan(db.run(chat.api.values.anything(value=math.nan)))


def test_a_convex_error_has_its_data(db: Any, chat: ModuleType, channel: Any) -> None:
    with pytest.raises(FunctionError) as caught:
        send(db, chat, channel, "")
    error = caught.value
    assert type(error) is FunctionError
    assert error.function == "messages:send"
    assert error.data == {"reason": "empty", "limit": 10, "score": 0.0}
    assert isinstance(error.data["limit"], Int64)
    assert math.copysign(1, error.data["score"]) == -1
    assert [line for line in error.log_lines if "sending" in line]
    assert db.run(chat.api.messages.count(channel=channel)) == 0


class Reason(Object):
    reason: str
    limit: BigInt
    score: float


class Other(Object):
    text: Opt[str] = None


def test_the_data_of_an_error_is_a_model_if_asked(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    with pytest.raises(FunctionError) as caught:
        send(db, chat, channel, "")
    assert caught.value.data_as(Reason).reason == "empty"
    assert caught.value.data_as(Other, extra="ignore") == Other()
    with pytest.raises(ValidationError):
        caught.value.data_as(Other)


def test_another_error_has_no_data(db: Any, chat: ModuleType) -> None:
    with pytest.raises(FunctionError, match="messages:fail") as caught:
        db.run(chat.api.messages.fail())
    assert caught.value.data is None


def test_a_function_that_is_not_there(
    db: Any, chat: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = chat.api.messages.fail()
    monkeypatch.setattr(type(call), "__function__", "messages:gone")
    with pytest.raises(FunctionNotFound, match="messages:gone"):
        db.run(call)
    monkeypatch.setattr(type(call), "__function__", "values:twice")
    with pytest.raises(FunctionNotFound, match="defined as Action"):
        db.run(call)


def test_an_internal_function_is_for_administrators(
    db: Any, chat: ModuleType, channel: Any, connect: Connect, place: Place
) -> None:
    send(db, chat, channel, "one")
    clear = chat.internal.messages.clear(channel=channel)
    with pytest.raises(FunctionNotFound):
        db.run(clear)
    assert connect(place.url, admin_key=place.admin_key).run(clear) is None
    assert db.run(chat.api.messages.list(channel=channel)) == []


def test_arguments_that_the_deployment_does_not_take(
    db: Any, chat: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = chat.api.values.twice(text="x")
    monkeypatch.setattr(type(call), "to_wire_json", lambda self: b'{"words":["x"]}')
    with pytest.raises(ArgumentError, match="ArgumentValidationError"):
        db.run(call)


def test_a_result_that_is_not_what_the_function_says(
    db: Any, chat: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = chat.api.messages.count(channel=chat.ChannelId("c"))
    monkeypatch.setattr(type(call), "__function__", "values:wrong")
    monkeypatch.setattr(type(call), "to_wire_json", lambda self: b"{}")
    with pytest.raises(InvalidResult, match="values:wrong"):
        db.run(call)


def test_log_lines_are_told(
    place: Place,
    chat: ModuleType,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
) -> None:
    call = chat.api.values.twice(text="ab")
    with caplog.at_level(logging.INFO, "codegen.convex"):
        connect(place.url).run(call)
    (record,) = [one for one in caplog.records if one.name == "codegen.convex"]
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "values:twice: [WARN] 'an action'"
    lines: list[LogLine] = []
    caplog.clear()
    connect(place.url, on_log=lines.append).run(call)
    assert lines == [("values:twice", "[WARN] 'an action'")]
    assert not [one for one in caplog.records if one.name == "codegen.convex"]


def test_documents_need_functions_and_a_key(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    operations = [
        lambda: db.get(channel),
        lambda: db.delete(channel),
        lambda: db.insert(chat.ChannelNew(name="x")),
        lambda: db.insert_many([chat.ChannelNew(name="x")]),
        lambda: db.patch(channel, chat.ChannelPatch(name="x")),
        lambda: db.replace(channel, chat.ChannelNew(name="x")),
        lambda: db.run(chat.channels.by_name("x")),
        lambda: db.run(chat.channels.by_name("x").first()),
        lambda: [*db.stream(chat.channels.by_name("x"))],
        lambda: db.explain(chat.channels.by_name("x")),
        lambda: db.transact(str),
    ]
    for operation in operations:
        with pytest.raises(Unsupported, match=r"convex-helper|no transactions"):
            operation()
