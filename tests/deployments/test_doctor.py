"""`codegen doctor` says what is wrong with a deployment, and never a secret."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen.interop import convex_helper
from tests.cases.cases import codegen
from tests.deployments.faulty import answers, serving, silent
from tests.deployments.mock_deployment import ADMIN_KEY, Place, hosted, running

Doctor = Callable[..., tuple[int, str, str]]
OTHER_SECRET = "01" + "ab" * 36


@pytest.fixture
def doctor(project: Path, place: Place) -> Doctor:
    """Runs the command with variables in `.env.local`."""

    def doctor(*argv: str, **variables: str) -> tuple[int, str, str]:
        lines = [f"{name}={value}\n" for name, value in variables.items()]
        (project / ".env.local").write_text("".join(lines))
        code, out, err = codegen(["doctor", "--timeout-ms", "2000", *argv], project)
        assert place.secret[2:] not in out + err
        return code, out, err

    return doctor


def test_all_is_well(doctor: Doctor, place: Place) -> None:
    code, out, err = doctor(**hosted(place))
    assert (code, err) == (0, "")
    assert re.sub("version .*", "version …", out) == (
        f"CONVEX_SELF_HOSTED_URL        {place.url}  .env.local\n"
        f"CONVEX_SELF_HOSTED_ADMIN_KEY  {'(secret)':{len(place.url)}}  .env.local\n"
        f"address: {place.url}, from CONVEX_SELF_HOSTED_URL\n"
        f"server: instance {place.instance}, version …\n"
        "key: accepted\n"
        "schema: as in the project\n"
        "functions: as in the project\n"
    )


def test_a_line_that_is_no_variable(project: Path) -> None:
    """In a process of its own, as pytest takes what would be printed."""
    (project / "my.env").write_text("CONVEX_URL='https://x\n")
    done = subprocess.run(
        [sys.executable, "-m", "codegen", "doctor", "--env-file", "my.env"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "my.env:1: warning: this is not a variable, and is left out\n"
        "  help: write NAME=value; what begins with a quote ends with the same one\n"
        "error[E610]: nothing says which deployment is meant"
    )


def test_as_json(doctor: Doctor, place: Place) -> None:
    code, out, err = doctor("--format", "json", **hosted(place))
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[0] == {
        "setting": "CONVEX_SELF_HOSTED_URL",
        "value": place.url,
        "source": ".env.local",
        "hidden": [],
    }
    assert [(one["check"], one["verdict"]) for one in lines[2:]] == [
        (name, "fine") for name in ("address", "server", "key", "schema", "functions")
    ]


def test_how_the_project_differs(doctor: Doctor, place: Place, project: Path) -> None:
    schema = project / "convex/schema.ts"
    text = schema.read_text().replace(
        "body: v.string(),", "body: v.string(), pinned: v.boolean(),"
    )
    schema.write_text(text.replace('.index("by_name", ["name"])', ""))
    functions = project / "convex/messages.ts"
    functions.write_text(
        functions.read_text().replace("name: v.string() }", "name: v.any() }")
    )
    code, out, _ = doctor(**hosted(place))
    assert code == 1
    assert (
        "schema: fault: another than the project's, in 2 places\n"
        "  help: push the project: `codegen push`, or `npx convex deploy`\n"
    ) in out
    assert "  removed: channels.by_name" in out
    assert "  added: messages.pinned" in out
    assert "functions: fault: another than the project's" in out
    assert "messages:open args.name: str -> Any" in out
    code, out, _ = doctor("--format", "json", **hosted(place))
    changes = [json.loads(line) for line in out.splitlines()]
    assert {"schema", "functions"} == {
        one["check"] for one in changes if "change" in one
    }


def test_a_native_schema_with_what_convex_does_not_know(
    doctor: Doctor, place: Place, project: Path
) -> None:
    """Names of types, defaults, constraints and unique indexes are no differences."""
    (project / "app.yaml").write_text(
        "types:\n"
        "  Name: Annotated[str, MinLen(1)]\n"
        "tables:\n"
        "  channels:\n"
        "    model: Room\n"
        "    fields: {name: Name}\n"
        "    indexes: {by_name: {fields: [name], unique: true}}\n"
        "  messages:\n"
        "    fields:\n"
        "      likes: int = 0\n"
        "      author?: str | None\n"
        "      body: str\n"
        "      channel: Id[channels]\n"
        "    indexes: {by_channel: [channel]}\n"
    )
    code, out, err = doctor("--schema", "app.yaml", **hosted(place))
    assert (code, err) == (0, ""), out
    assert out.endswith("schema: as in the project\n")


@pytest.mark.parametrize("version", [1, 2, 17])
def test_functions_for_documents_of_another_version(
    doctor: Doctor, project: Path, node_folder: Path, version: int
) -> None:
    helper = convex_helper.dumps().replace("VERSION = 2", f"VERSION = {version}")
    assert f"const VERSION = {version};" in helper
    app = project / "deployed"
    shutil.copytree(project / "convex", app / "convex")
    (app / "convex" / convex_helper.FILE).write_text(helper)
    with running(node_folder, app) as place:
        code, out, _ = doctor(**hosted(place))
    is_ours = version == 2
    assert code == (0 if is_ours else 1)
    assert ("documents: " in out) is not is_ours
    assert (
        is_ours
        or (
            f"documents: fault: the functions for documents have version {version},"
            " and this package wants 2\n"
            "  help: write them again, with `codegen push`; or use the version of this package"
            " that wrote them\n"
        )
        in out
    )


def test_without_a_project(doctor: Doctor, place: Place, project: Path) -> None:
    shutil.rmtree(project / "convex")
    (project / "pyproject.toml").unlink()
    code, out, _ = doctor(**hosted(place))
    assert code == 0
    assert out.endswith("schema: there is one, and no schema here to compare it with\n")


def test_without_a_key(doctor: Doctor, place: Place) -> None:
    code, out, _ = doctor(VITE_CONVEX_URL=place.url)
    assert code == 0
    assert "VITE_CONVEX_URL" in out
    assert "key: note: none" in out
    assert "help: set CONVEX_SELF_HOSTED_" in out


def test_a_key_that_does_not_count(doctor: Doctor, place: Place) -> None:
    """What is set already is not what is said to be missing."""
    key = hosted(place)["CONVEX_SELF_HOSTED_ADMIN_KEY"]
    code, out, _ = doctor(CONVEX_URL=place.url, CONVEX_SELF_HOSTED_ADMIN_KEY=key)
    assert code == 0
    assert (
        "  help: set CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY, which count"
        " together only, or CONVEX_DEPLOY_KEY in the cloud\n"
    ) in out
    assert "  help: give --admin-key\n" in doctor("--url", place.url)[1]
    code, _, err = doctor("--admin-key", place.admin_key, CONVEX_URL=place.url)
    assert code == 2
    assert "error[E610]: --admin-key is for the deployment that --url names" in err


def test_a_url_that_is_empty_is_not_that_of_the_environment(
    doctor: Doctor, place: Place
) -> None:
    """As that of a variable of a shell that is not set: it would be another deployment."""
    code, _, err = doctor("--url", "", **hosted(place))
    assert code == 2
    assert "error[E610]: '' is not the URL of a deployment" in err


def test_a_password_in_a_url_is_not_shown(doctor: Doctor) -> None:
    code, out, err = doctor(CONVEX_URL="http://me:pass-word@127.0.0.1:3210")
    assert code == 2
    assert "http://…@127.0.0.1:3210" in out and "has no user or password" in err
    assert "pass-word" not in out + err


def test_no_time_at_all(doctor: Doctor) -> None:
    code, _, err = doctor("--timeout-ms", "0", CONVEX_URL="http://127.0.0.1:1")
    assert code == 2
    assert "error[E610]: timeout_ms is a time in ms, not 0" in err


# Keys made of the deployment's, and why they are refused, by a server of one's own.
WRONG_KEYS: list[tuple[Callable[[Place], str], str]] = [
    (lambda _: f"other|{OTHER_SECRET}", "it is a key for 'other', and this is '{}'"),
    (
        lambda it: f"{it.instance}|{OTHER_SECRET}",
        "it was made with another INSTANCE_SECRET",
    ),
    (lambda it: it.admin_key[:-40], "it is too short: it was cut when it was copied"),
    (
        lambda it: f"{it.secret}|{it.instance}",
        "its two parts are in the wrong order",
    ),
    (lambda it: f"{it.instance}|", "behind the `|` there is nothing"),
]
MENDED_KEYS: list[tuple[Callable[[Place], str], str, str]] = [
    (
        lambda it: f"other|{it.secret}",
        "it is a key for 'other', and this is '{}': INSTANCE_NAME was changed",
        "write `{}|` in place of `other|`, in ",
    ),
    (
        lambda it: it.secret,
        "the name of the instance and a `|` before the key are missing",
        "write `{}|` before it, in ",
    ),
    (lambda it: f'"{it.admin_key}"', "it has quotes around it", "remove that from "),
    (
        lambda it: f"{it.admin_key}\n",
        "spaces or a line break at its ends",
        "remove that from ",
    ),
    (
        lambda it: f"Convex {it.admin_key}",
        "it begins as a header does",
        "remove that from ",
    ),
    (
        lambda it: f"{it.admin_key[:-9]} {it.admin_key[-9:]}",
        "a space or a line break inside",
        "remove that from ",
    ),
]


@pytest.mark.parametrize(("key", "cause"), WRONG_KEYS)
@pytest.mark.parametrize("by", ["file", "flags"])
def test_a_key_that_is_wrong(
    key: Callable[[Place], str], cause: str, by: str, doctor: Doctor, place: Place
) -> None:
    if by == "file":
        code, out, _ = doctor(**hosted(place, key(place)))
        at = "CONVEX_SELF_HOSTED_ADMIN_KEY (.env.local)"
    else:
        code, out, _ = doctor("--url", place.url, "--admin-key", key(place))
        at = "--admin-key"
    assert code == 1
    refused = f"key: fault: {at} is refused (BadAdminKey): "
    assert refused + cause.format(place.instance) in out
    assert (
        "  help: `docker compose exec backend ./generate_admin_key.sh` prints another: set"
        f" {at} to its line with the `|`, or to what `codegen admin-key` makes\n"
    ) in out
    assert out.count("key: ") == 1
    assert "schema" not in out


@pytest.mark.parametrize(("key", "cause", "how"), MENDED_KEYS)
@pytest.mark.parametrize("by", ["file", "flags"])
def test_a_key_that_can_be_mended(
    key: Callable[[Place], str],
    cause: str,
    how: str,
    by: str,
    doctor: Doctor,
    place: Place,
) -> None:
    """It is tried as it may have been meant: what the help says is enough."""
    if by == "file":
        code, out, _ = doctor(**hosted(place, key(place)))
        where = ".env.local"
    else:
        code, out, _ = doctor("--url", place.url, "--admin-key", key(place))
        where = "the command"
    assert code == 1
    assert cause.format(place.instance) in out
    how = how.format(place.instance)
    assert f"  help: {how}{where}: the deployment takes the key then\n" in out
    assert out.count("key: ") == 1
    assert "schema" not in out


def test_a_key_that_hides_another(
    doctor: Doctor, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CONVEX_SELF_HOSTED_ADMIN_KEY", f"{place.instance}|{OTHER_SECRET}"
    )
    code, out, _ = doctor(**hosted(place))
    assert code == 1
    assert "(the environment) is refused (BadAdminKey)" in out
    assert "in .env.local, too: `unset CONVEX_SELF_HOSTED_ADMIN_KEY` for that" in out


def test_a_proxy_that_drops_keys(doctor: Doctor) -> None:
    text = answers("carnitas", kind="text/plain")
    refusal = answers('{"code":"BadDeployKey","message":"no"}', 403)
    with serving([text, text, refusal]) as server:
        code, out, _ = doctor("--url", server.url, "--admin-key", ADMIN_KEY)
    assert code == 1
    assert "key: fault: refused (BadDeployKey): the server saw no key" in out


def test_flags_come_first(doctor: Doctor, place: Place) -> None:
    code, out, _ = doctor(
        "--url", place.url, "--admin-key", place.admin_key, CONVEX_URL="http://other"
    )
    assert code == 0
    assert out.startswith(f"address: {place.url}, from --url\n")
    assert "key: accepted\n" in out


def test_a_file_of_its_own(doctor: Doctor, place: Place, project: Path) -> None:
    (project / "prod.env").write_text(f"CONVEX_SELF_HOSTED_URL={place.url}\n")
    code, out, _ = doctor("--env-file", "prod.env", CONVEX_URL="http://other")
    assert code == 0
    assert out.startswith(f"CONVEX_SELF_HOSTED_URL  {place.url}  prod.env\n")
    code, _, err = doctor("--env-file", "none.env")
    assert code == 2
    assert "none.env" in err


def test_nobody_is_there(doctor: Doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code, out, _ = doctor(CONVEX_URL=f"http://127.0.0.1:{port}")
    assert code == 1
    assert f"server: fault: http://127.0.0.1:{port} does not answer" in out
    assert "help: start the server: `docker compose up -d`" in out


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (silent, "the answer took too long"),
        (answers("<html>", 404, "text/html"), "is this the URL of a deployment?"),
        (
            answers("", 301, Location="https://x.y/login?next=1"),
            "it sends clients to https://x.y",
        ),
    ],
)
def test_something_else_is_there(fault: Any, text: str, doctor: Doctor) -> None:
    with serving([fault]) as server:
        code, out, _ = doctor(CONVEX_URL=server.url)
    assert code == 1
    assert "server: fault: " in out and text in out


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({}, "nothing says which deployment is meant: set CONVEX_URL"),
        (
            {"CONVEX_URL": "https://a.convex.site"},
            "the deployment is at 'a.convex.cloud'",
        ),
        (
            {"CONVEX_DEPLOYMENT": "dev:a", "CONVEX_SELF_HOSTED_URL": "http://x"},
            "CONVEX_DEPLOYMENT (.env.local) must not be set beside CONVEX_SELF_HOSTED_URL",
        ),
    ],
)
def test_no_deployment_to_look_at(
    variables: dict[str, str], text: str, doctor: Doctor
) -> None:
    code, _, err = doctor(**variables)
    assert code == 2
    assert "error[E610]: " in err and text in err


def test_what_is_odd_beside_it(doctor: Doctor, place: Place) -> None:
    code, out, _ = doctor(
        CONVEX_SELF_HOSTED_URL=place.url,
        CONVEX_URL=f"{place.url}/",
        VITE_CONVEX_URL="https://otter-1.convex.cloud",
        PUBLIC_CONVEX_URL="https://otter-1.convex.site",
    )
    assert code == 0
    notes = [line for line in out.splitlines() if line.startswith("settings: note: ")]
    assert len(notes) == 2
    assert "VITE_CONVEX_URL (.env.local) is another deployment than" in notes[0]
    assert "'otter-1.convex.site' serves HTTP actions" in notes[1]
