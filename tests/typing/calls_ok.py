"""Calls that both checkers accept, with the types that they see; `chat` is a case's package."""

from typing import Any, Literal, assert_type

from chat import (
    ChannelId,
    Event,
    Message,
    MessageId,
    Note,
    api,
    internal,
)
from chat.api.messages import ListFilter, PageResult
from convex import ConvexClient
from convex.http_client import ConvexHttpClient

from codegen.runtime import Call, Client, Db, Int64

channel = ChannelId("c1")


def run(client: ConvexClient, http: ConvexHttpClient, db: Db) -> None:
    call = api.messages.list(channel=channel, limit=3, before=None)
    assert_type(call.run_on(client), list[Message])
    assert_type(call.run_on(http, extra="ignore"), list[Message])
    assert_type(db.run(call), list[Message])
    assert_type(api.messages.get(id=MessageId("m1")).run_on(client), Message | None)
    assert_type(api.messages.send(channel=channel, body="").run_on(client), MessageId)
    page = api.messages.page(size=10, cursor=None).run_on(client)
    assert_type(page, PageResult)
    assert_type(page.page, list[Message])
    assert_type(internal.messages.archive.run().run_on(client), None)
    assert_type(
        api.messages.archive.state().run_on(client), Literal["idle", "running", "done"]
    )
    assert_type(api.admin.events.all().run_on(client), list[Event])
    assert_type(
        api.admin.events.watched().run_on(client), dict[str, Event | Note | None]
    )
    assert_type(api.ai.answer(question="why?", n=Int64(1)).run_on(client), Any)
    assert_type(api.ai.rate(answer=1, stars=1, weight=0.5).run_on(client), Any)


def values(client: Client) -> None:
    words = ListFilter(words=["a"])
    call: Call[list[Message]] = api.messages.list(channel=channel, filter=words)
    wider: Call[list[Message] | None] = call
    calls: list[Call[object]] = [call, wider, internal.messages.archive.run()]
    assert_type([one.run_on(client) for one in calls], list[object])
