"""Keys and tokens are shown to nobody but the deployment."""

from __future__ import annotations

import logging
import traceback
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import AuthError, DeploymentError, Options
from codegen.convex.attempts import reply_to
from codegen.convex.secret import Secret
from codegen.runtime import DatabaseError
from tests.deployments.conftest import Connect
from tests.deployments.faulty import answers, resets, serving
from tests.deployments.mock_deployment import Place

KEY = "carnitas|0123456789abcdef"
TOKEN = "eyJ0b2tlbiI6.c2VjcmV0.x"
SECRETS = {"admin_key": (KEY, "Convex"), "token": (TOKEN, "Bearer")}


def shown_in(error: BaseException) -> str:
    """All that a traceback shows of the library, with the values of local variables."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [one for one in told.stack if "/tests/" not in one.filename]
    assert any("/codegen/convex/" in one.filename for one in frames)
    texts = [str(frame.locals) for frame in frames]
    earlier = error.__cause__ or error.__context__
    texts += [shown_in(earlier)] if earlier else []
    return "\n".join([*texts, str(error), repr(error), repr(error.__dict__)])


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("fault", ["refused", "reset", "nonsense"])
def test_no_error_and_no_log_has_the_secret(
    kind: str,
    fault: str,
    connect: Connect,
    chat: ModuleType,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret, scheme = SECRETS[kind]
    faults = {
        "refused": answers('{"code":"BadAdminKey","message":"no"}', 401),
        "reset": resets,
        "nonsense": answers("{}"),
    }
    with caplog.at_level(logging.DEBUG), serving([faults[fault]]) as server:
        db = connect(server.url, retries=1, **{kind: secret})
        with pytest.raises(DeploymentError) as caught:
            db.run(chat.api.values.whoami())
        assert f"Authorization: {scheme} {secret}".encode() in server.requests[0]
        texts = [shown_in(caught.value), repr(db), repr(vars(db)), caplog.text]
    texts += capfd.readouterr()
    part = secret.partition("|")[2] or secret
    assert [text for text in texts if part in text] == []


def test_a_traceback_would_show_it() -> None:
    """The test above can fail."""

    def fail(secret: str) -> None:
        raise ValueError("x")

    with pytest.raises(ValueError) as caught:
        fail(KEY)
    told = traceback.TracebackException.from_exception(
        caught.value, capture_locals=True
    )
    assert KEY in str([frame.locals for frame in told.stack])


def test_a_secret_has_no_repr() -> None:
    assert KEY not in repr(Secret(KEY)) + str(Secret(KEY)) + f"{Secret(KEY)}"
    assert KEY not in repr(Options(admin_key=KEY)) + str(Options(admin_key=KEY))
    asked = reply_to.__globals__["Request"]("/", None, Secret(KEY), 1.0)
    assert KEY not in repr(asked)


@pytest.mark.parametrize("secret", ["", "a b", "line\nbreak", "ключ", "tab\t"])
@pytest.mark.parametrize("kind", SECRETS)
def test_what_no_header_can_carry(kind: str, secret: str) -> None:
    given: dict[str, Any] = {kind: secret}
    with pytest.raises(ValueError, match=f"{kind} is empty, or has a space") as caught:
        Options(**given)
    assert not secret or secret not in str(caught.value)


def test_a_token_that_is_given_later(
    connect: Connect, chat: ModuleType, place: Place
) -> None:
    db = connect(place.url, token=lambda: "line\nbreak")
    with pytest.raises(ValueError, match="token is empty, or has a space"):
        db.run(chat.api.values.whoami())


def test_a_wrong_key(place: Place, connect: Connect, chat: ModuleType) -> None:
    with pytest.raises(AuthError, match="BadAdminKey") as caught:
        connect(place.url, admin_key=f"{place.instance}|00").run(
            chat.api.values.whoami()
        )
    assert (caught.value.status, caught.value.code) == (401, "BadAdminKey")


def test_a_redirect_does_not_get_the_secret(connect: Connect, chat: ModuleType) -> None:
    with serving([answers('{"status":"success","value":null}')]) as other:
        leading = answers("", 307, Location=f"{other.url}/api/query")
        with serving([leading]) as server:
            db = connect(server.url, admin_key=KEY)
            with pytest.raises(
                DeploymentError, match=f"it sends clients to {other.url}"
            ):
                db.run(chat.api.values.whoami())
        assert other.requests == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"timeout_ms": 0}, "timeout_ms is a time in ms, not 0"),
        ({"connect_timeout_ms": -1}, "connect_timeout_ms is a time in ms"),
        ({"read_timeout_ms": float("nan")}, "read_timeout_ms is a time in ms"),
        ({"retries": -1}, "retries is 0 or more"),
        ({"connections": 0}, "connections 1 or more"),
        ({"token": TOKEN, "admin_key": KEY}, "not both"),
    ],
)
def test_options_that_are_wrong(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        Options(**given)
    assert not isinstance(caught.value, DatabaseError)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("timeout_ms", "5"),
        ("timeout_ms", None),
        ("connect_timeout_ms", None),
        ("read_timeout_ms", "5"),
    ],
)
def test_times_that_are_no_numbers(name: str, given: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} is a number of ms, not {given!r}"):
        Options(**{name: given})
