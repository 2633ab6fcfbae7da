"""The program that hears of new results: Convex's own client, in a process of its own.

While its calls wait they keep all of Python waiting, for as long as a server says nothing. Here
nobody else has to. It is run as a file, with a line of JSON on standard input for each thing to do,
and prints one for each thing that it hears:

    {"origin": …, "token": …, "admin_key": …}               first of all
    {"add": 1, "function": "messages:list", "arguments": …} follow a query
    {"remove": 1}                                            and no longer
    {"of": 1, "value": …}                                    a result
    {"of": 1, "message": …, "data": …}                       a function has failed
    {"over": "…"}                                            nothing more will come
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any

from convex import ConvexClient, ConvexError, convex_to_json, json_to_convex


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


async def follow(client: ConvexClient, asked: dict[str, Any]) -> None:
    """Tells the results of a query, until it is cancelled."""
    of = asked["add"]
    try:
        arguments: Any = json_to_convex(asked["arguments"])
        results = client.subscribe(asked["function"], arguments)
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
            tasks[asked["add"]] = asyncio.create_task(follow(client, asked))
        elif asked["remove"] in tasks:
            # Kept by nobody, for Convex's client follows a query while anything has its results.
            tasks.pop(asked["remove"]).cancel()


if __name__ == "__main__":
    asyncio.run(main())
