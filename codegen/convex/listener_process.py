"""The program that hears of new results: Convex's own client, in a process of its own.

`ConvexClient.subscribe` keeps Python's global lock, and takes no timeout: where the server does not
answer, no other thread runs, no signal is handled, and nothing ends it but the end of the process.
So it has a process of its own, which ends itself where that takes too long. It is run as a file, with a line of JSON on standard input for each thing to do,
and prints one for each thing that it hears:

    {"origin": …, "token": …, "admin_key": …, "limit_s": …}  first of all
    {"add": 1, "function": "messages:list", "arguments": …} follow a query
    {"remove": 1}                                            and no longer
    {"of": 1, "value": …}                                    a result
    {"of": 1, "message": …, "data": …}                       a function has failed
    {"over": "…"}                                            nothing more will come
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import sys
import threading
from typing import Any

from convex import (
    ConvexClient,
    ConvexError,
    QuerySubscription,
    convex_to_json,
    json_to_convex,
)


def read(line: str) -> Any:
    """A line from the other side; every plain number is a float to Convex."""
    return json.loads(line, parse_int=float)


def tell(message: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(message)}\n")
    sys.stdout.flush()


def end(reason: str) -> None:
    tell({"over": reason})
    os._exit(1)


def listen(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """Hands on what is asked; ends with the program that asks."""
    for line in sys.stdin:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    os._exit(0)


def subscribed(
    client: ConvexClient, asked: dict[str, Any], limit_s: float
) -> QuerySubscription:
    """A query that is followed; ends the process, by a thread that needs no lock, if it is late."""
    arguments: Any = json_to_convex(asked["arguments"])
    faulthandler.dump_traceback_later(limit_s, exit=True)
    try:
        return client.subscribe(asked["function"], arguments)
    finally:
        faulthandler.cancel_dump_traceback_later()


async def follow(client: ConvexClient, asked: dict[str, Any], limit_s: float) -> None:
    """Tells the results of a query, until it is cancelled."""
    of = asked["add"]
    try:
        results = subscribed(client, asked, limit_s)
        while True:
            try:
                tell({"of": of, "value": convex_to_json(await anext(results))})
            except ConvexError as error:
                data = convex_to_json(error.data)
                tell({"of": of, "message": str(error), "data": data})
            except Exception as error:
                # A function that failed and a connection that broke are both bare exceptions.
                if type(error) is not Exception or str(error) == "channel closed":
                    raise
                tell({"of": of, "message": str(error), "data": None})
    except Exception as error:
        end(str(error))


async def main() -> None:
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()
    threading.Thread(target=listen, args=(loop, lines), daemon=True).start()
    place = read(await lines.get())
    client = ConvexClient(place["origin"])
    if place["admin_key"] is not None:
        client.set_admin_auth(place["admin_key"])
    if place["token"] is not None:
        client.set_auth(place["token"])
    tasks: dict[float, asyncio.Task[None]] = {}
    while True:
        asked = read(await lines.get())
        if "add" in asked:
            tasks[asked["add"]] = asyncio.create_task(
                follow(client, asked, place["limit_s"])
            )
        elif asked["remove"] in tasks:
            # Kept by nobody, for Convex's client follows a query while anything has its results.
            tasks.pop(asked["remove"]).cancel()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Exception as error:
        end(str(error))
