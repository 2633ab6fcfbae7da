"""The mock does as servers do where `convex-test` does not."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from codegen.engines.ids import FIRST_NUMBER, decode
from tests.deployments.mock_deployment import Place
from tests.deployments.test_calls import send


def test_ids_have_the_form_of_servers(
    db: Any, chat: ModuleType, channel: Any, mock: Place
) -> None:
    send(db, chat, channel, "a")
    (message,) = db.run(chat.api.messages.list(channel=channel))
    assert message.channel == channel
    numbers = {decode(message.channel)[0], decode(message.id)[0]}
    assert numbers == {FIRST_NUMBER, FIRST_NUMBER + 1}
