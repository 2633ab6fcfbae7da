"""Several queries that see the same state of things, and pages."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from codegen.convex import FunctionError
from codegen.runtime import InvalidResult
from tests.deployments.conftest import Connect
from tests.deployments.mock_deployment import Place
from tests.deployments.test_calls import send


def test_a_batch_is_of_one_moment(db: Any, chat: ModuleType, channel: Any) -> None:
    send(db, chat, channel, "a", "b")
    api = chat.api.messages
    listed, counted = api.list(channel=channel), api.count(channel=channel)
    messages, count = db.together(listed, counted)
    assert [message.body for message in messages] == ["a", "b"]
    assert count == 2
    assert db.together([listed, counted]) == [messages, count]
    assert db.together(counted, counted, listed) == (2, 2, messages)
    assert db.together([]) == []


def test_a_query_that_fails_in_a_batch(db: Any, chat: ModuleType, channel: Any) -> None:
    api = chat.api.messages
    with pytest.raises(FunctionError, match="messages:fail"):
        db.together([api.count(channel=channel), api.fail()])


def test_only_queries_are_read_together(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    with pytest.raises(TypeError, match="a mutation"):
        db.together([chat.api.messages.send(channel=channel, body="x")])
    assert db.run(chat.api.messages.count(channel=channel)) == 0


def test_a_moment_stays_as_it_was(db: Any, chat: ModuleType, channel: Any) -> None:
    send(db, chat, channel, "before")
    count = chat.api.messages.count(channel=channel)
    then = db.moment()
    assert then.run(count) == 1
    send(db, chat, channel, "after")
    assert then.run(count) == 1
    assert db.moment().run(count) == db.run(count) == 2
    with pytest.raises(TypeError, match="is no query"):
        then.run(chat.api.messages.send(channel=channel, body="x"))


def first_page(chat: ModuleType, channel: Any, size: int) -> Any:
    page = chat.api.messages.page
    options = page.model_fields["pagination_opts"].annotation
    return page(channel=channel, pagination_opts=options(num_items=size, cursor=None))


def test_pages_and_their_items(db: Any, chat: ModuleType, channel: Any) -> None:
    bodies = [f"message {n}" for n in range(7)]
    send(db, chat, channel, *bodies)
    call = first_page(chat, channel, 3)
    pages = [*db.pages(call)]
    assert [message.body for page in pages for message in page.page] == bodies
    assert [len(page.page) for page in pages][:2] == [3, 3]
    assert [page.is_done for page in pages] == [False] * (len(pages) - 1) + [True]
    items = [*db.items(call)]
    assert [message.body for message in items] == bodies
    assert {type(message) for message in items} == {chat.Message}
    # From a cursor on.
    rest = call.model_copy(
        update={
            "pagination_opts": call.pagination_opts.model_copy(
                update={"cursor": pages[0].continue_cursor}
            )
        }
    )
    assert [message.body for message in db.items(rest)] == bodies[3:]


def test_pages_of_a_function_without_types(
    db: Any, chat: ModuleType, channel: Any
) -> None:
    send(db, chat, channel, "a", "b", "c")
    options = {"numItems": 2, "cursor": None}
    call = chat.api.messages.untyped_page(paginationOpts=options)
    ours = [one for one in db.items(call) if one["channel"] == channel]
    assert [one["body"] for one in ours] == ["a", "b", "c"]


def test_what_has_no_pages(
    db: Any, chat: ModuleType, channel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TypeError, match="takes no `paginationOpts`"):
        db.pages(chat.api.messages.count(channel=channel))
    call = first_page(chat, channel, 1)
    monkeypatch.setattr(type(call), "__function__", "values:anything")
    monkeypatch.setattr(
        type(call), "to_wire", lambda self: {"paginationOpts": {"cursor": None}}
    )
    with pytest.raises((InvalidResult, FunctionError)):
        next(iter(db.pages(call)))


def test_a_user_is_who_the_token_says(
    mock: Place, chat: ModuleType, connect: Connect, db: Any
) -> None:
    whoami = chat.api.values.whoami()
    token = "e30.eyJpc3MiOiJtZSIsInN1YiI6ImFubmEifQ.x"  # {"iss": "me", "sub": "anna"}
    assert db.run(whoami) is None
    assert connect(mock.url, token=token).run(whoami) == "anna"
    tokens = iter([token, token])
    assert connect(mock.url, token=lambda: next(tokens)).run(whoami) == "anna"
    anna = db.speaking_as(token)
    assert anna.run(whoami) == "anna"
    anna.close()
    assert db.run(whoami) is None, "the connections are still open"
