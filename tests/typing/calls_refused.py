"""Calls that both checkers refuse, in each line that ends in the mark."""

from chat import Message, MessageId, api, internal
from chat.ids import ChannelId
from convex import ConvexClient

from codegen.runtime import Call

client = ConvexClient("https://happy-otter-123.convex.cloud")
channel = ChannelId("c1")

api.messages.list()  # E:
api.messages.list(channel)  # E:
api.messages.list(channel=MessageId("m1"))  # E:
api.messages.list(channel=channel, limit="3")  # E:
api.messages.list(channel=channel, limit=1.5)  # E:
api.messages.list(channel=channel, mood="angry")  # E:
api.messages.list(channel=channel, more=1)  # E:
api.messages.page(size=1)  # E:
api.messages.lst()  # E:
api.mesages()  # E:
api.messages.archive.run()  # E:
internal.messages.list()  # E:
api.ai.answer(1)  # E:
api.messages.list(channel=channel).run_on("https://")  # E:
print(api.messages.list(channel=channel).run_on(client)[0].boddy)  # E:
print(api.messages.get(id=MessageId("m1")).run_on(client).body)  # E:
message: Call[Message] = api.messages.get(id=MessageId("m1"))  # E:
texts: Call[list[str]] = api.messages.list(channel=channel)  # E:
