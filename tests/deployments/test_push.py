"""`codegen push` writes the files of a Convex app, and runs Convex's own command line.

That is a program in its place, which tells how it was run; and the real one, as far as the mock
goes along.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen.convex.environment import NAMES
from codegen.interop import convex_helper
from tests.deployments.faulty import answers, serving
from tests.deployments.mock_deployment import ADMIN_KEY, SECRET, Place, hosted
from tests.interop.real_convex import PROJECT, RealConvex
from tests.npm import installed

SCHEMA = """
tables:
  channels:
    fields: {name: str}
    indexes: {by_name: [name]}
  messages:
    fields:
      channel: Id[channels]
      body: str
      author?: str | None
      likes: int
    indexes: {by_channel: [channel]}
"""
STAND_IN = """#!{python}
import json, os, signal, sys, time
names = {names}
found = {{name: os.environ[name] for name in names if name in os.environ}}
with open({told!r}, "w") as file:
    json.dump({{"argv": sys.argv[1:], "folder": os.getcwd(), "variables": found}}, file)
print("deploying", flush=True)
{does}
"""
SELECTING = [*NAMES[:5]]

Push = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A project with a native schema, in which npm's `convex` seems to be installed."""
    folder = tmp_path / "app"
    (folder / "schema").mkdir(parents=True)
    (folder / "schema/app.yaml").write_text(SCHEMA)
    (folder / "pyproject.toml").write_text("[tool.codegen]\n")
    (folder / "package.json").write_text('{"dependencies": {"convex": "*"}}')
    (folder / "node_modules/convex").mkdir(parents=True)
    (folder / "node_modules/convex/package.json").write_text("{}")
    return folder


class Program:
    """The program in the place of npx."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self._told = folder / "told.json"
        self.does("")

    def does(self, does: str) -> None:
        text = STAND_IN.format(
            python=sys.executable, names=SELECTING, told=str(self._told), does=does
        )
        (self.folder / "npx").write_text(text)
        (self.folder / "npx").chmod(0o755)

    @property
    def told(self) -> dict[str, Any]:
        """How it was run."""
        told: dict[str, Any] = json.loads(self._told.read_text())
        return told

    @property
    def ran(self) -> bool:
        return self._told.exists()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def start(
    argv: list[str], folder: Path, path: str, variables: dict[str, str]
) -> subprocess.Popen[str]:
    plain = {k: v for k, v in os.environ.items() if k not in NAMES}
    return subprocess.Popen(
        [sys.executable, "-m", "codegen", *argv],
        cwd=folder,
        env={**plain, "PATH": path, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def push(app: Path, program: Program) -> Push:
    """Runs the command as a process, and sees that it shows no key."""

    def push(*argv: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = str(program.folder)
        process = start(["push", *argv], app, path, variables)
        out, err = process.communicate(timeout=60)
        assert SECRET[2:] not in out + err
        return subprocess.CompletedProcess(argv, process.returncode, out, err)

    return push


def variables_of(place: Place) -> dict[str, str]:
    return {name: value.strip("'") for name, value in hosted(place).items()}


def test_a_push(push: Push, app: Path, program: Program, mock: Place) -> None:
    done = push(**variables_of(mock))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "deploying\nThe deployment has this schema now\n"
    assert done.stderr == (
        "wrote convex/schema.ts\n"
        "wrote convex/tablewright.ts\n"
        f"running npx convex deploy, for {mock.url}\n"
    )
    assert program.told == {
        "argv": ["convex", "deploy"],
        "folder": str(app),
        "variables": {
            "CONVEX_DEPLOY_KEY": "",
            "CONVEX_DEPLOYMENT_TOKEN": "",
            "CONVEX_DEPLOYMENT": "",
            "CONVEX_SELF_HOSTED_URL": mock.url,
            "CONVEX_SELF_HOSTED_ADMIN_KEY": ADMIN_KEY,
        },
    }
    helper = (app / "convex/tablewright.ts").read_text()
    assert helper == convex_helper.dumps()
    again = push(**variables_of(mock))
    assert again.returncode == 0
    assert "wrote" not in again.stderr


def test_what_is_written_compiles(
    push: Push, app: Path, mock: Place, pytestconfig: pytest.Config
) -> None:
    push(**variables_of(mock))
    cache = pytestconfig.cache
    assert cache is not None
    texts = [path.read_text() for path in sorted((app / "convex").glob("*.ts"))]
    assert len(texts) == 2
    with RealConvex(installed(PROJECT, cache.mkdir("schemas"))) as convex:
        assert convex.compiler_errors(texts) == ""


def test_the_program_fails(push: Push, program: Program, mock: Place) -> None:
    program.does("print('no types', file=sys.stderr); sys.exit(7)")
    done = push(**variables_of(mock))
    assert done.returncode == 7
    assert done.stdout == "deploying\n"
    assert done.stderr.endswith("no types\n")


def test_the_deployment_has_another_schema(push: Push, app: Path, mock: Place) -> None:
    """As when the program has pushed to another deployment than it was told."""
    (app / "schema/app.yaml").write_text(SCHEMA.replace("likes: int", "likes: float"))
    done = push(**variables_of(mock))
    assert done.returncode == 1
    assert "The deployment has another schema" in done.stdout
    assert "changed: messages.likes: int -> float" in done.stdout


def test_a_dry_run(push: Push, app: Path, program: Program, mock: Place) -> None:
    (app / "schema/app.yaml").write_text(SCHEMA.replace("likes: int", "likes: float"))
    done = push("--dry-run", **variables_of(mock))
    assert done.returncode == 1
    assert "--- /dev/null\n+++ b/convex/schema.ts\n" in done.stdout
    assert "+++ b/convex/tablewright.ts\n" in done.stdout
    assert f"would run npx convex deploy, for {mock.url}\n" in done.stdout
    assert "changed: messages.likes: int -> float" in done.stdout
    assert not program.ran
    assert not (app / "convex").exists()


def test_a_dry_run_with_nothing_to_do(push: Push, app: Path, mock: Place) -> None:
    push(**variables_of(mock))
    done = push("--dry-run", **variables_of(mock))
    assert done.returncode == 0
    assert done.stdout == f"would run npx convex deploy, for {mock.url}\n"


def test_a_change_of_the_schema_is_written(push: Push, app: Path, mock: Place) -> None:
    push(**variables_of(mock))
    (app / "schema/app.yaml").write_text(SCHEMA + "  things:\n    fields: {}\n")
    done = push(**variables_of(mock))
    assert "wrote convex/schema.ts\n" in done.stderr
    assert "things: defineTable({})" in (app / "convex/schema.ts").read_text()


@pytest.mark.parametrize("by", ["hand", "an edit"])
def test_somebody_elses_schema(
    by: str, push: Push, app: Path, program: Program, mock: Place
) -> None:
    """It is written over only when that is asked for, whether it was ours or never."""
    path = app / "convex/schema.ts"
    if by == "hand":
        path.parent.mkdir()
        path.write_text(
            'import { defineSchema } from "convex/server";\nexport default defineSchema({});\n'
        )
    else:
        push(**variables_of(mock))
        program.folder.parent.joinpath("told.json").unlink()
        edited = path.read_text().replace("by_channel", "by_room")
        path.write_text(edited)
    before = path.read_bytes()
    for argv in ([], ["--dry-run"]):
        done = push(*argv, **variables_of(mock))
        assert done.returncode == 2
        assert (
            "error[E551]: convex/schema.ts says something else, and push did not write it"
            in done.stderr
        )
        assert path.read_bytes() == before
        assert not program.ran
    done = push("--force", **variables_of(mock))
    assert done.returncode == 0
    assert "by_channel" in path.read_text()


def test_a_schema_that_says_the_same_is_kept(
    push: Push, app: Path, mock: Place
) -> None:
    (app / "convex").mkdir()
    path = app / "convex/schema.ts"
    shutil.copy(Path(__file__).parent / "app/convex/schema.ts", path)
    before = path.read_bytes()
    done = push(**variables_of(mock))
    assert done.returncode == 0, done.stderr
    assert "wrote convex/schema.ts" not in done.stderr
    assert path.read_bytes() == before


def test_another_module_of_that_name(push: Push, app: Path, mock: Place) -> None:
    (app / "convex").mkdir()
    (app / "convex/tablewright.ts").write_text("export const mine = 1;\n")
    done = push(**variables_of(mock))
    assert done.returncode == 2
    assert "error[E551]: convex/tablewright.ts says something else" in done.stderr
    assert not (app / "convex/schema.ts").exists()


def test_an_app_that_is_the_schema(
    push: Push, project: Path, app: Path, program: Program, mock: Place
) -> None:
    """Its schema.ts is left alone, and our functions are none of its own."""
    shutil.rmtree(app / "schema")
    (app / "web").mkdir()
    shutil.move(project / "convex", app / "web/convex")
    shutil.move(app / "package.json", app / "web/package.json")
    (app / "pyproject.toml").write_text('[tool.codegen]\nschema = "web/convex"\n')
    before = (app / "web/convex/schema.ts").read_bytes()
    done = push(**variables_of(mock))
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("wrote web/convex/tablewright.ts\nrunning npx")
    assert (app / "web/convex/schema.ts").read_bytes() == before
    assert program.told["folder"] == str(app / "web")
    described = start(["describe"], app, os.environ["PATH"], {})
    out, err = described.communicate(timeout=60)
    assert "messages:list" in out
    assert "tablewright" not in out + err


def test_the_folder_of_convex_json(push: Push, app: Path, mock: Place) -> None:
    (app / "convex.json").write_text('{"functions": "src/backend"} // ours')
    done = push(**variables_of(mock))
    assert done.returncode == 0, done.stderr
    assert (app / "src/backend/schema.ts").exists()


def test_another_folder(push: Push, app: Path, program: Program, mock: Place) -> None:
    (app / "web").mkdir()
    lines = [f"{name}={value}\n" for name, value in hosted(mock).items()]
    (app / "web/.env.local").write_text("".join(lines))
    done = push("--folder", "web")
    assert done.returncode == 0, done.stderr
    assert "wrote web/convex/schema.ts\n" in done.stderr
    assert program.told["folder"] == str(app / "web")


CLOUD = "happy-otter-123"
# Variables, then what is run and which of them it gets.
CHOICES = [
    (
        {"CONVEX_DEPLOY_KEY": f"prod:{CLOUD}|eyJ2MiI6IjAxMjM0NTY3ODkifQ=="},
        "deploy",
        {"CONVEX_DEPLOY_KEY"},
    ),
    (
        {
            "CONVEX_DEPLOY_KEY": f"dev:{CLOUD}|eyJ2MiI6IjAxMjM0NTY3ODkifQ==",
            "CONVEX_DEPLOYMENT": "prod:other",
        },
        "dev --once",
        {"CONVEX_DEPLOY_KEY"},
    ),
    ({"CONVEX_DEPLOYMENT": f"dev:{CLOUD}"}, "dev --once", {"CONVEX_DEPLOYMENT"}),
    ({"CONVEX_DEPLOYMENT": f"prod:{CLOUD}"}, "deploy", {"CONVEX_DEPLOYMENT"}),
]


@pytest.mark.parametrize(("variables", "words", "given"), CHOICES)
def test_which_deployment_it_is(
    variables: dict[str, str],
    words: str,
    given: set[str],
    push: Push,
    program: Program,
    app: Path,
) -> None:
    """Never another one than is meant: `deploy` takes CONVEX_DEPLOYMENT for production."""
    (app / ".env").write_text("CONVEX_SELF_HOSTED_ADMIN_KEY=stale\n")
    # The program ends with a failure: nobody is asked after it.
    program.does("sys.exit(3)")
    done = push(**{**variables, "CONVEX_SELF_HOSTED_ADMIN_KEY": ""})
    assert done.returncode == 3, done.stderr
    told = program.told
    assert told["argv"] == ["convex", *words.split()]
    assert {name: value for name, value in told["variables"].items() if value} == {
        name: variables[name] for name in given
    }
    assert {*told["variables"]} == {*SELECTING}
    assert f"for https://{CLOUD}.convex.cloud\n" in done.stderr


def test_options_of_the_command_line(
    push: Push, program: Program, app: Path, mock: Place
) -> None:
    (app / ".env.local").write_text("CONVEX_DEPLOYMENT=dev:other\n")
    done = push("--dev", "--url", mock.url, "--admin-key", ADMIN_KEY)
    assert done.returncode == 0, done.stderr
    told = program.told
    assert told["argv"] == ["convex", "dev", "--once"]
    assert told["variables"]["CONVEX_SELF_HOSTED_ADMIN_KEY"] == ADMIN_KEY
    assert told["variables"]["CONVEX_DEPLOYMENT"] == ""


@pytest.mark.parametrize("argv", [[], ["--dry-run"]])
def test_nobody_may_push_without_a_key(
    argv: list[str], push: Push, app: Path, program: Program
) -> None:
    done = push(*argv, CONVEX_URL=f"https://{CLOUD}.convex.cloud")
    assert done.returncode == 2
    assert "error[E610]: CONVEX_URL comes without a key" in done.stderr
    assert not program.ran
    assert not (app / "convex").exists()


@pytest.mark.parametrize(
    ("package", "install"),
    [
        ('{"dependencies": {"convex": "*"}}', "npm install"),
        ("{}", "npm install convex"),
        (None, "npm install convex"),
    ],
)
def test_the_package_is_not_there(
    package: str | None, install: str, push: Push, app: Path, mock: Place
) -> None:
    shutil.rmtree(app / "node_modules")
    if package is None:
        (app / "package.json").unlink()
    else:
        (app / "package.json").write_text(package)
    done = push(**variables_of(mock))
    assert done.returncode == 2
    assert "error[E613]: npm's `convex` is not installed in .\n" in done.stderr
    assert f"install it: `{install}`\n" in done.stderr
    assert not (app / "convex").exists()


def test_npx_is_not_there(push: Push, program: Program, mock: Place) -> None:
    (program.folder / "npx").unlink()
    done = push(**variables_of(mock))
    assert done.returncode == 2
    assert "error[E613]: `npx` is not there" in done.stderr


def test_it_takes_too_long(push: Push, program: Program, mock: Place) -> None:
    program.does("time.sleep(60)")
    began = time.monotonic()
    done = push("--timeout-ms", "500", **variables_of(mock))
    assert time.monotonic() - began < 30
    assert done.returncode == 2
    assert "error[E613]: `npx convex deploy` took more than" in done.stderr


@pytest.mark.parametrize(
    ("number", "to_group", "code"),
    [(signal.SIGINT, True, 5), (signal.SIGTERM, False, 5)],
)
def test_signals(
    number: signal.Signals,
    to_group: bool,
    code: int,
    app: Path,
    program: Program,
    mock: Place,
) -> None:
    """The program gets those of a terminal itself, and what kills us from us; it says how it ends."""
    program.does(
        "def end(number, frame):\n"
        "    time.sleep(0.5)\n"
        "    os.write(1, b'undone\\n')\n"  # it may be printing just now
        "    sys.exit(5)\n"
        "signal.signal(signal.SIGINT, end); signal.signal(signal.SIGTERM, end)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)"
    )
    path = str(program.folder)
    process = start(["push"], app, path, variables_of(mock))
    assert process.stdout is not None
    assert process.stdout.readline() == "deploying\n"
    assert process.stdout.readline() == "ready\n"
    if to_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert out == "undone\n"
    assert process.returncode == code


@pytest.mark.slow
@pytest.mark.parametrize("argv", [[], ["--dev"]])
def test_convexs_own_command_line(
    argv: list[str], app: Path, node_folder: Path
) -> None:
    """It takes the words and the variables, and asks the deployment that is meant, as whom we say.

    What files say of another deployment is hidden from it.
    """
    shutil.rmtree(app / "node_modules")
    (app / "node_modules").symlink_to(node_folder / "node_modules")
    (app / ".env.local").write_text("CONVEX_DEPLOYMENT=dev:other\n")
    npx = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with serving([answers('{"code": "BadAdminKey", "message": "no"}', 401)]) as server:
        named = ["--url", server.url, "--admin-key", ADMIN_KEY]
        process = start(["push", *argv, *named], app, npx, {})
        began = time.monotonic()
        while process.poll() is None and not server.requests:
            assert time.monotonic() - began < 60
            time.sleep(0.1)
        # It reports the refusal to its makers, for which it may try for long.
        ended = process.poll() is not None
        if not ended:
            os.killpg(process.pid, signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        codes = {1} if ended else {1, 128 + signal.SIGTERM, -signal.SIGTERM}
        assert process.returncode in codes, err
        assert ADMIN_KEY.encode() in server.requests[0]
    assert SECRET[2:] not in out + err
