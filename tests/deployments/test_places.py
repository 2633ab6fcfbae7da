"""Which deployment is meant, by a URL or by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from codegen.convex import NoDeployment, Options
from codegen.convex.address import origin_of
from codegen.convex.environment import read_environment
from codegen.convex.selection import choose
from codegen.engines import Deployment
from tests.deployments.conftest import Connect
from tests.deployments.mock_deployment import Place

HOSTED = "CONVEX_SELF_HOSTED_URL"
HOSTED_KEY = "CONVEX_SELF_HOSTED_ADMIN_KEY"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("convex+https://name.convex.cloud", "https://name.convex.cloud"),
        ("https://name.convex.cloud/", "https://name.convex.cloud"),
        ("convex+http://127.0.0.1:3210", "http://127.0.0.1:3210"),
        ("convex+http://[::1]:3210/", "http://[::1]:3210"),
        ("convex+https://bücher.example", "https://xn--bcher-kva.example"),
        ("convex+http://my_server.:80", "http://my_server.:80"),
        (" convex+https://NAME.convex.cloud\n", "https://name.convex.cloud"),
    ],
)
def test_urls(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("convex+https://", "is not the URL of a deployment"),
        ("convex+ftp://x", "is not the URL of a deployment"),
        ("name.convex.cloud", "is not the URL of a deployment"),
        ("convex+https://x/api", "has a path, a query or a fragment"),
        ("convex+https://x?adminKey=secret", "has a path, a query or a fragment"),
        ("convex+https://me:secret@x", "has no user or password"),
        ("convex+https://x:port", "malformed"),
        ("convex+https://x..y", "'x..y' is no name of a host"),
        ("convex+https://x y", "is no name of a host"),
        ("convex+https://x\ny", "is no name of a host"),
        ("convex+https://*", "is no name of a host"),
        (f"convex+https://{'x' * 64}.y", "is no name of a host"),
        ("convex+https://[::x]", "malformed"),
        (
            "convex+https://happy-otter-1.convex.site",
            "'happy-otter-1.convex.site' serves HTTP actions and no functions:"
            " the deployment is at 'happy-otter-1.convex.cloud'",
        ),
    ],
)
def test_urls_that_are_wrong(url: str, message: str, chat: ModuleType) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        origin_of(url)
    assert "secret" not in str(caught.value)


def test_connecting_by_a_url(chat: ModuleType, place: Place) -> None:
    url = f"convex+{place.url}"
    with chat.server.connect(url) as db:
        assert isinstance(db, Deployment)
        assert db.origin == place.url
        assert db.run(chat.api.values.whoami()) is None
    for wrong in ({"pooled": True}, {"options": Options(as_admin=True)}):
        with pytest.raises(ValueError):
            chat.server.connect(url, **wrong)
    with pytest.raises(ValueError, match="options are for a deployment"):
        chat.server.connect("sqlite://", options=Options())
    with pytest.raises(ValueError, match="malformed"):
        chat.server.async_connect("convex+https://x:port")


def told(process: Mapping[str, str], folder: Path) -> tuple[str, str | None, str]:
    chosen = choose(read_environment(str(folder), process=process))
    key = chosen.key.reveal() if chosen.key else None
    return chosen.origin, key, chosen.origin_from


CLOUD = "https://otter-1.convex.cloud"


@pytest.mark.parametrize(
    ("process", "expected"),
    [
        ({"CONVEX_URL": CLOUD}, (CLOUD, None, "CONVEX_URL")),
        ({"VITE_CONVEX_URL": CLOUD}, (CLOUD, None, "VITE_CONVEX_URL")),
        (
            {"NEXT_PUBLIC_CONVEX_URL": "https://x.y", "CONVEX_URL": CLOUD},
            (CLOUD, None, "CONVEX_URL"),
        ),
        ({HOSTED: "http://h:1", HOSTED_KEY: "n|00"}, ("http://h:1", "n|00", HOSTED)),
        ({HOSTED: "http://h:1"}, ("http://h:1", None, HOSTED)),
        ({"CONVEX_DEPLOYMENT": "dev:otter-1"}, (CLOUD, None, "CONVEX_DEPLOYMENT")),
        (
            {"CONVEX_DEPLOYMENT": "dev:otter-1", "CONVEX_URL": "https://api.my.own"},
            ("https://api.my.own", None, "CONVEX_URL"),
        ),
        (
            {
                "CONVEX_DEPLOYMENT": "local:local-me",
                "CONVEX_URL": "http://127.0.0.1:3211",
            },
            ("http://127.0.0.1:3211", None, "CONVEX_URL"),
        ),
        (
            {"CONVEX_DEPLOYMENT": "anonymous:agent"},
            ("http://127.0.0.1:3210", None, "CONVEX_DEPLOYMENT"),
        ),
        (
            {
                "CONVEX_DEPLOY_KEY": "prod:otter-1|abc",
                HOSTED: "http://h",
                HOSTED_KEY: "n|0",
            },
            (CLOUD, "prod:otter-1|abc", "CONVEX_DEPLOY_KEY"),
        ),
        (
            {"CONVEX_DEPLOYMENT_TOKEN": "prod:otter-1|abc"},
            (CLOUD, "prod:otter-1|abc", "CONVEX_DEPLOYMENT_TOKEN"),
        ),
        (
            {
                "CONVEX_DEPLOY_KEY": "prod:otter-1|abc",
                "CONVEX_URL": "https://b.convex.cloud",
            },
            (CLOUD, "prod:otter-1|abc", "CONVEX_DEPLOY_KEY"),
        ),
        (
            {
                "CONVEX_DEPLOY_KEY": "prod:otter-1|abc",
                "CONVEX_URL": "https://api.my.own",
            },
            ("https://api.my.own", "prod:otter-1|abc", "CONVEX_URL"),
        ),
    ],
)
def test_the_environment(
    process: dict[str, str], expected: tuple[str, str | None, str], tmp_path: Path
) -> None:
    assert told(process, tmp_path) == expected


@pytest.mark.parametrize(
    ("process", "message"),
    [
        ({}, "nothing says which deployment is meant: set CONVEX_URL"),
        ({"CONVEX_URL": ""}, "nothing says which deployment is meant"),
        (
            {"CONVEX_DEPLOYMENT": "dev:x", HOSTED: "http://h"},
            f"CONVEX_DEPLOYMENT .the environment. must not be set beside {HOSTED}",
        ),
        ({"CONVEX_DEPLOY_KEY": "preview:team:app|abc"}, "the key of a preview"),
        ({"CONVEX_DEPLOY_KEY": "project:team:app|abc"}, "the key of a project"),
        ({"CONVEX_DEPLOY_KEY": "abcdef"}, "has no deployment's name before a `|`"),
        (
            {"CONVEX_URL": "https://otter-1.convex.site"},
            "CONVEX_URL .the environment.: 'otter-1.convex.site' serves HTTP actions",
        ),
    ],
)
def test_an_environment_that_is_wrong(
    process: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(NoDeployment, match=message) as caught:
        told(process, tmp_path)
    assert "abc" not in str(caught.value)


def test_files_come_after_the_process(tmp_path: Path) -> None:
    (tmp_path / ".env.local").write_text(
        "# Deployment used by `npx convex dev`\n"
        "CONVEX_DEPLOYMENT=dev:otter-1 # team: t, project: p\n\n"
        'export CONVEX_URL="https://otter-1.convex.cloud"\n'
        "OTHER=$UNKNOWN\n"
    )
    (tmp_path / ".env").write_text(
        "CONVEX_URL=https://later.convex.cloud\nVITE_CONVEX_URL='https://v.convex.cloud'\n"
    )
    settings = read_environment(str(tmp_path), process={})
    assert {name: (one.shown, one.source) for name, one in settings.items()} == {
        "CONVEX_DEPLOYMENT": ("dev:otter-1", ".env.local"),
        "CONVEX_URL": ("https://otter-1.convex.cloud", ".env.local"),
        "VITE_CONVEX_URL": ("https://v.convex.cloud", ".env"),
    }
    assert settings["CONVEX_URL"].also == (".env",)
    process = {"CONVEX_URL": "https://p.convex.cloud", "CONVEX_DEPLOYMENT": ""}
    settings = read_environment(str(tmp_path), process=process)
    assert settings["CONVEX_URL"].source == "the environment"
    assert settings["CONVEX_URL"].also == (".env.local", ".env")
    assert "CONVEX_DEPLOYMENT" not in settings, "empty hides what is in files"


def test_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "prod.env").write_text(f"{HOSTED}=http://h\n{HOSTED_KEY}='n|0${{A}}'\n")
    file = str(tmp_path / "prod.env")
    settings = read_environment(env_file=file, process={"CONVEX_URL": CLOUD})
    assert settings.keys() == {HOSTED, HOSTED_KEY}
    assert settings[HOSTED_KEY].shown == "(secret)"
    assert settings[HOSTED_KEY].value.reveal() == "n|0${A}"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CONVEX_URL=\xff\n")
    with pytest.raises(ValueError, match=r"\.env is no text in UTF-8"):
        read_environment(str(tmp_path), process={})


def test_what_is_no_variable_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With its place, and without what it says, which may be a key."""
    local, shared = tmp_path / ".env.local", tmp_path / ".env"
    local.write_text(f"# mine\n\n\n{HOSTED_KEY}='abc\n{HOSTED}=http://h\nplain\n")
    shared.write_text(f"{HOSTED}=http://other\n=abc\n")
    settings = read_environment(str(tmp_path), process={})
    assert settings.keys() == {HOSTED}
    assert [message.partition("\n")[0] for message in caplog.messages] == [
        f"{local}:4: warning: this is not a variable, and is left out",
        f"{shared}:2: warning: this is not a variable, and is left out",
    ]
    assert "help: write NAME=value" in caplog.text and "abc" not in caplog.text


def test_connecting_by_the_environment(
    connect: Connect, place: Place, chat: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOSTED, place.url)
    monkeypatch.delenv(HOSTED_KEY, raising=False)
    with pytest.raises(NoDeployment, match=f"set {HOSTED_KEY}"):
        connect(None, as_admin=True)
    monkeypatch.setenv(HOSTED_KEY, place.admin_key)
    nobody = connect(None)
    channel = nobody.run(chat.api.messages.open(name="by the environment"))
    clear = chat.internal.messages.clear(channel=channel)
    with pytest.raises(Exception, match="Could not find public function"):
        nobody.run(clear)
    assert connect(None, as_admin=True).run(clear) is None
