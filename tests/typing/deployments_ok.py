"""Deployments, with the types that both checkers see; `chat` is a case's package."""

from typing import assert_type

from chat import ChannelId, Message, MessageId, api, async_connect, connect, messages
from chat.api.messages import PageResult

from codegen.convex import FunctionError, Options
from codegen.engines import AsyncDeployment, Database, Deployment
from codegen.runtime import Db, Object, Page

channel = ChannelId("c1")
listed = api.messages.list(channel=channel)
found = api.messages.get(id=MessageId("m1"))
sent = api.messages.send(channel=channel, body="")
page = api.messages.page(size=10, cursor=None)


class Reason(Object):
    code: str


def connecting(url: str) -> None:
    assert_type(connect(url), Database)
    assert_type(connect(url, timeout_ms=1), Database)
    assert_type(connect(), Deployment)
    assert_type(connect(options=Options(as_admin=True)), Deployment)
    assert_type(connect(url, options=Options(token=lambda: "jwt")), Deployment)


def blocking(db: Deployment) -> None:
    either: Db = db
    assert_type(either.run(listed), list[Message])
    assert_type(db.run(listed, extra="ignore"), list[Message])
    assert_type(db.run(sent), MessageId)
    assert_type(db.together(listed, found), tuple[list[Message], Message | None])
    assert_type(db.together(found, found, listed)[2], list[Message])
    assert_type(db.together([found, found]), list[Message | None])
    assert_type(db.moment().run(found), Message | None)
    assert_type([*db.pages(page)], list[PageResult])
    assert_type([*db.items(page)], list[Message])
    assert_type(next(db.subscribe(listed)), list[Message])
    assert_type(next(db.subscribe(messages.full_scan())), list[Message])
    assert_type(next(db.subscribe(messages.full_scan().first())), Message | None)
    assert_type(db.speaking_as("jwt"), Deployment)
    try:
        db.run(sent)
    except FunctionError as error:
        assert_type(error.data_as(Reason), Reason)


async def awaiting() -> None:
    async with async_connect(options=Options()) as db:
        assert_type(db, AsyncDeployment)
        assert_type(await db.run(listed), list[Message])
        assert_type(await db.together(listed, sent), tuple[list[Message], MessageId])
        assert_type(await (await db.moment()).run(found), Message | None)
        assert_type([one async for one in db.pages(page)], list[PageResult])
        assert_type([one async for one in db.items(page)], list[Message])
        assert_type(await anext(db.subscribe(listed)), list[Message])
        paged = messages.full_scan().paginate(3)
        assert_type(await anext(db.subscribe(paged)), Page[Message])
