"""A real deployment in the place of the mock, where the environment names one.

It is one that may be lost: tests push apps to it, one after the other, and delete all documents.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from codegen.convex import Options
from codegen.convex.administration import Administrator
from codegen.convex.blocking import Connection
from codegen.convex.conversation import Conversation
from tests.deployments.mock_deployment import Place, hosted

_PORTION: Final = 500.0
_LONGEST_PUSH_S: Final = 300


def real_place() -> Place | None:
    """The deployment that the environment names, if it names one."""
    url = os.environ.get("CONVEX_SELF_HOSTED_URL")
    key = os.environ.get("CONVEX_SELF_HOSTED_ADMIN_KEY")
    return Place(url, key, is_mock=False) if url and key else None


class _Pushed:
    """The app that the deployment runs now."""

    app: Path | None = None


def push(place: Place, app: Path, schema: str, modules: Path) -> None:
    """Has the deployment run the app of a folder, if it does not already.

    `schema` is what `codegen push` takes for one, and `modules` a folder with Convex's own
    command line.
    """
    if _Pushed.app == app:
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder, "app")
        shutil.copytree(app, copy)
        (copy / "package.json").write_text('{"dependencies": {"convex": "*"}}')
        (copy / "node_modules").symlink_to(modules / "node_modules")
        variables = {
            name: value.strip("'") for name, value in hosted(place).items()
        } | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        pushed = subprocess.run(
            [sys.executable, "-m", "codegen", "push", "--schema", schema],
            cwd=copy,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST_PUSH_S,
            check=False,
        )
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    _Pushed.app = app


def clear(place: Place) -> None:
    """Deletes all documents."""
    options = Options(admin_key=place.admin_key)
    with closing(Connection(place.url, options)) as connection:
        conversation = Conversation(place.url, options)

        def call(kind: Any, name: str, **arguments: Any) -> Any:
            asking = conversation.function(kind, f"tablewright:{name}", arguments)
            return connection.perform(asking)

        everything = {"index": "by_creation_time", "bounds": [], "order": "asc"}
        for table in Administrator(conversation, connection).tables().values():
            while not table.startswith("_"):
                found = call(
                    "query", "query", table=table, limit=_PORTION, **everything
                )
                if not found:
                    break
                ids = [cast("dict[str, Any]", one)["_id"] for one in found]
                changes = [{"op": "delete", "table": table, "id": id} for id in ids]
                call("mutation", "write", changes=changes)
