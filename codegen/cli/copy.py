"""`codegen copy`: the documents of a database into another, of another kind or the same."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from . import arguments, data
from .console import Exit

_PLACES = (
    "the URL of a database, convex: for the deployment of the environment, or convex:FILE for"
    " that of the variables in a file"
)
_SAME = "FROM and TO are the same"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="FROM", help=f"what to copy: {_PLACES}")
    parser.add_argument(
        "target",
        metavar="TO",
        help="where to copy it, given alike; an empty database gets the schema of the other",
    )
    data.add_tables(parser, "a table to copy; can be given again (default: all)")
    data.add_mode(parser)
    parser.add_argument(
        "--ids",
        metavar="FILE",
        help="into a deployment: where to write which id each document had, and which it got",
    )
    parser.add_argument(
        "--state",
        metavar="FOLDER",
        help="into a deployment: where to keep what was done until all is"
        " (default: a folder tablewright-copy-… here)",
    )
    arguments.add_timeout(parser)
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.convex.address import is_named
    from codegen.transfer.faults import TransferError

    into = _into_deployment if is_named(given.target) else _into_database

    def work(mover: data.Mover) -> data.Counts:
        if given.source == given.target:
            raise TransferError(_SAME)
        return into(given, mover)

    return data.move(given, work)


def _into_database(given: Namespace, mover: data.Mover) -> data.Counts:
    from codegen.transfer.databases import DatabaseSource
    from codegen.transfer.faults import TransferError
    from codegen.transfer.importing import import_documents

    if given.ids or given.state:
        raise TransferError("--ids and --state are for copies into deployments")
    with (
        mover.source(given.source) as source,
        mover.opened(given.target, changes=True) as target,
    ):
        # Its reader and its writer would wait for each other.
        if isinstance(source, DatabaseSource) and source.is_from(target):
            raise TransferError(_SAME)
        return import_documents(
            target,
            source,
            schema=source.schema,
            tables=given.table,
            mode=given.mode,
            progress=mover.progress,
        )


def _into_deployment(given: Namespace, mover: data.Mover) -> data.Counts:
    from codegen.transfer.copying import Wanted, copying
    from codegen.transfer.deployment_target import DeploymentTarget
    from codegen.transfer.faults import TransferError

    if given.mode != "require-empty":
        raise TransferError(
            f"--mode {given.mode} is for databases, and TO is a deployment"
        )
    if given.ids and os.path.lexists(given.ids):
        raise TransferError(f"{given.ids} exists", "choose another place, or remove it")
    with mover.admitted(given.target) as deployment:
        source = mover.shown(given.source)
        wanted = Wanted(source, deployment.origin, tuple(given.table))
        folder = given.state or wanted.usual_folder
        with copying(wanted, folder, mover.progress, mover.note) as copy:
            done = copy.run(
                DeploymentTarget(deployment),
                mover.schema_of(deployment),
                lambda: mover.source(given.source),
                mover.timeout_ms,
            )
            if given.ids:
                copy.write_ids(given.ids)
            return done
