"""Keys that a server of one's own accepts, made without its container."""

from __future__ import annotations

import hmac
import io
import re
import time
from hashlib import sha256
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from codegen.cli.main import run
from codegen.convex.keys import deployment_of, faults_of, kind_of
from codegen.convex.minting import admin_key, legacy_admin_key
from codegen.convex.secret import Secret

# What convex-backend has in `crates/keybroker/dev`, for everybody to develop with.
DEV_SECRET = "4361726e697461732c206c69746572616c6c79206d65616e696e6720226c6974"
DEV_KEY = (
    "carnitas|0135d8598650f8f5cb0f30c34ec2e2bb62793bc28717c8eb6fb577996d50be5f4281b59181"
    "095065c5d0f86a2c31ddbe9b597ec62b47ded69782cd"
)


def decoded(message: bytes) -> dict[int, Any]:
    """The fields of a message of protocol buffers: numbers, and what has a length."""
    fields: dict[int, Any] = {}
    data = iter(message)

    def number() -> int:
        value = shift = 0
        for byte in data:
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
        raise ValueError("it ends inside a number")

    for byte in data:
        field, kind = byte >> 3, byte & 7
        assert kind in (0, 2)
        fields[field] = number()
        if kind == 2:
            fields[field] = bytes(next(data) for _ in range(fields[field]))
    return fields


def opened_legacy(key: str, secret: str) -> dict[int, Any]:
    data = bytes.fromhex(key.partition("|")[2])
    assert data[0] == 1
    return decoded(SecretBox(bytes.fromhex(secret)).decrypt(data[1:]))


def opened(key: str, secret: str) -> dict[int, Any]:
    data = bytes.fromhex(key.partition("|")[2])
    assert data[0] == 1
    # KDF in counter mode, with the purpose as all of its fixed input.
    derived = hmac.new(bytes.fromhex(secret), b"\0\0\0\1admin key", sha256).digest()
    plain = AESGCMSIV(derived[:16]).decrypt(data[1:13], data[13:], b"\1")
    return decoded(plain)


def test_the_server_s_own_key_is_read() -> None:
    """What the tests read keys with reads one that a real server has made."""
    claims = opened_legacy(DEV_KEY, DEV_SECRET)
    assert claims[2] > 1_600_000_000, "the time that it was issued"
    assert claims.get(3) == 0 or 4 in claims


SECRETS = st.binary(min_size=32, max_size=32).map(bytes.hex)
TIMES = st.integers(1, 2**33)


@given(SECRETS, TIMES)
def test_a_key(secret: str, issued_s: int) -> None:
    key = admin_key("my-server", Secret(secret), issued_s)
    assert re.fullmatch("my-server[|][0-9a-f]+", key)
    assert opened(key, secret) == {2: issued_s, 3: 0}
    with pytest.raises(InvalidTag):
        opened(key, DEV_SECRET)
    assert [*faults_of(Secret(key))] == []


@given(SECRETS, TIMES)
def test_a_key_for_older_servers(secret: str, issued_s: int) -> None:
    key = legacy_admin_key("my-server", Secret(secret), issued_s)
    assert opened_legacy(key, secret) == {2: issued_s, 3: 0}
    with pytest.raises(CryptoError):
        opened_legacy(key, DEV_SECRET)
    assert [*faults_of(Secret(key))] == []


def test_keys_of_this_time_have_the_length_of_a_server_s() -> None:
    now = int(time.time())
    assert len(admin_key("n", Secret(DEV_SECRET), now)) == len("n|") + 74
    assert len(legacy_admin_key("n", Secret(DEV_SECRET), now)) == len("n|") + 98


def test_no_key_is_made_twice() -> None:
    for make in (admin_key, legacy_admin_key):
        assert len({make("n", Secret(DEV_SECRET), 1) for _ in range(20)}) == 20


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INSTANCE_NAME", raising=False)
    monkeypatch.delenv("INSTANCE_SECRET", raising=False)


@pytest.mark.parametrize("where", ["flag", "environment", "standard input"])
def test_the_command(
    where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["admin-key"]
    if where == "environment":
        monkeypatch.setenv("INSTANCE_NAME", "carnitas")
        monkeypatch.setenv("INSTANCE_SECRET", DEV_SECRET)
    else:
        secret = DEV_SECRET if where == "flag" else "-"
        argv += ["--instance-name", "carnitas", "--instance-secret", secret]
    for extra, open_key in (([], opened), (["--legacy"], opened_legacy)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{DEV_SECRET}\n"))
        assert run([*argv, *extra]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.startswith("carnitas|") and out.endswith("\n")
        assert abs(open_key(out.strip(), DEV_SECRET)[2] - time.time()) < 60


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "give --instance-name"),
        (["--instance-name", "n"], "set INSTANCE_SECRET"),
        (["--instance-name", "n", "--instance-secret", "5ecre7" * 3], "18 characters"),
        (
            ["--instance-name", "a b", "--instance-secret", DEV_SECRET],
            "letters, digits",
        ),
        (["--instance-name", DEV_SECRET, "--instance-secret", "n"], "swapped"),
    ],
)
def test_what_makes_no_key(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["admin-key", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[E611]: " in err and message in err
    assert "5ecre7" not in err and DEV_SECRET not in err


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (DEV_KEY, None),
        (f"prod:happy-otter-1|{'eyJ2' * 10}", None),
        (f"'{DEV_KEY}'", "quotes around it"),
        (f"{DEV_KEY}\n", "spaces or a line break at its ends"),
        (f"{DEV_KEY[:50]}\n{DEV_KEY[50:]}", "a line break inside"),
        (DEV_KEY.partition("|")[2], "the name of the instance and a `|`"),
        (DEV_KEY[:60], "it is too short: it was cut"),
        (DEV_KEY[:-1], "it is too short: it was cut"),
        (f"{DEV_KEY[:-1]}g", "other than 0-9 and a-f"),
        ("carnitas|", "behind the `|` there is nothing"),
        ("|".join(DEV_KEY.split("|")[::-1]), "its two parts are in the wrong order"),
        (f"|{DEV_KEY}", "there is no name of an instance"),
        (f"Convex {DEV_KEY}", "begins as a header does"),
        ("prod:happy-otter-1|eyJ2", "too short"),
    ],
)
def test_the_form_of_a_key(key: str, fault: str | None) -> None:
    faults = [*faults_of(Secret(key))]
    if fault is None:
        assert faults == []
        return
    assert any(fault in one for one in faults), faults
    hex_part = DEV_KEY.partition("|")[2]
    assert not any(hex_part[:20] in one for one in faults)


def test_whose_key_it_is() -> None:
    assert deployment_of(Secret(DEV_KEY)) == "carnitas"
    assert deployment_of(Secret("prod:happy-otter-1|x")) == "happy-otter-1"
    assert deployment_of(Secret("abc")) is None
    assert kind_of(Secret(DEV_KEY)) is None
    assert kind_of(Secret("preview:team:app|x")) == "preview"
