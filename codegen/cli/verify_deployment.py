"""`codegen verify` for a Convex deployment: has it what our code asks, and do documents fit?"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from . import deployment
from .console import Console, Exit
from .verify import tell

if TYPE_CHECKING:
    from codegen.convex.administration import Administrator
    from codegen.ir.model import Schema


def run(console: Console, given: Namespace, schema: Schema | None) -> Exit:
    """`schema` is None for the one that the deployment has."""
    try:
        with deployment.administered(console, given) as administrator:
            sound = _verify(console, administrator, schema)
    except deployment.Unusable:
        return Exit.ERROR
    return Exit.CLEAN if sound else Exit.DRIFT


def _verify(
    console: Console, administrator: Administrator, schema: Schema | None
) -> bool:
    from codegen.engines.convex.verification import verify
    from codegen.project.deployed import NO_SCHEMA, deployed_functions, deployed_tables
    from codegen.project.lacks import lacks
    from codegen.transfer.deployment_source import DeploymentSource

    deployed = deployed_tables(administrator.schema() or NO_SCHEMA)
    sound = True
    if schema is not None:
        functions = deployed_functions(administrator.functions())
        for lack in lacks(schema, deployed, functions):
            sound = False
            if console.format == "json":
                line = {"lacks": lack.kind, "name": lack.name, "text": lack.text}
                console.out(json.dumps(line, ensure_ascii=False))
            else:
                console.out(f"{lack.kind} {lack.name}: {lack.text}")
    wanted = deployed if schema is None else schema
    source = DeploymentSource(administrator.admitted, wanted)
    for table in verify(wanted, administrator.tables(), source.texts):
        sound = sound and not table.misfits
        tell(console, table)
        sys.stdout.flush()
    if source.moments > 1:
        console.note(f"note: read at {source.moments} moments")
    return sound
