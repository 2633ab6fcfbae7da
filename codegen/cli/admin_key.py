"""`codegen admin-key`: an admin key for a server of one's own."""

from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace

from .console import Console, Exit

_NAME = "INSTANCE_NAME"
_SECRET = "INSTANCE_SECRET"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--instance-name",
        metavar="NAME",
        help=f"the server's {_NAME} (default: that of the environment)",
    )
    parser.add_argument(
        "--instance-secret",
        metavar="SECRET",
        help=f"the server's {_SECRET}, or `-` to read it from standard input"
        " (default: that of the environment, which no history of a shell keeps)",
    )
    parser.add_argument(
        "--legacy",
        action="store_true",
        help="a key that servers from before June 2025 take, too",
    )


def run(given: Namespace) -> Exit:
    from codegen.convex.minting import admin_key, legacy_admin_key
    from codegen.convex.secret import Secret
    from codegen.diagnostics import Diagnostic, Diagnostics

    name = given.instance_name or os.environ.get(_NAME)
    text = given.instance_secret or os.environ.get(_SECRET)
    if text == "-":
        text = sys.stdin.read()
    make = legacy_admin_key if given.legacy else admin_key
    try:
        if not name:
            raise ValueError(f"give --instance-name, or set {_NAME}")
        if not text:
            raise ValueError(f"set {_SECRET}, or give --instance-secret")
        key = make(name, Secret(text), int(time.time()))
    except ValueError as error:
        diagnostics = Diagnostics()
        diagnostics.add(Diagnostic("E611", str(error)))
        Console().report(diagnostics)
        return Exit.ERROR
    Console().out(key)
    return Exit.CLEAN
