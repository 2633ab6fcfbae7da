"""What is done with each new connection first, before it is used."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from codegen.engines.postgres.silence import AsyncPatientConnection, PatientConnection
from codegen.engines.postgres.target import Target
from codegen.runtime import UnusableDatabase


@pytest.mark.parametrize("fault", [psycopg.OperationalError, KeyboardInterrupt])
def test_a_connection_that_can_not_be_made_ready_is_closed(
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[BaseException],
) -> None:
    """At once, for the server counts it until then."""
    tried: list[psycopg.Connection[Any] | psycopg.AsyncConnection[Any]] = []

    def command(connection: PatientConnection, _: bytes) -> str:
        tried.append(connection)
        raise fault("lost")

    async def command_of_task(connection: AsyncPatientConnection, _: bytes) -> str:
        tried.append(connection)
        raise fault("lost")

    monkeypatch.setattr(PatientConnection, "command", command)
    monkeypatch.setattr(AsyncPatientConnection, "command", command_of_task)
    target = Target.of(postgres_url, 1000, "full", pooled=False)
    with pytest.raises((UnusableDatabase, KeyboardInterrupt)):
        target.open()
    options = {**target.options, "cursor_factory": psycopg.AsyncRawCursor}

    async def ready() -> None:
        connection = await AsyncPatientConnection.connect(**options)
        with pytest.raises(fault):
            await target.make_ready_for_tasks(connection)

    asyncio.run(ready())
    assert [connection.closed for connection in tried] == [True, True]
