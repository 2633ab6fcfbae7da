"""The raw text of our configuration, found by lines: the fast path has no time for TOML.

Where lines cannot tell, more text is taken rather than less: too much only costs speed.
"""

from hashlib import sha256

from codegen.output.disk import lf

_SECTION = b"tool.codegen"
_BARE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
_VALUES = (b"true", b"false", b"inf", b"nan")
_DEFAULTS = {b"schema": b"schema", b"output": b"generated"}


def configuration_digest(pyproject: bytes) -> str:
    """SHA-256 of the raw `[tool.codegen…]` tables of a pyproject.toml (or of nothing)."""
    return sha256(_own_lines(pyproject)[0]).hexdigest()


def configured_paths(pyproject: bytes) -> tuple[str, str] | None:
    """The `schema` and `output` paths, or None where only a TOML parser could be sure.

    None too where nothing is configured: then a folder above may be meant.
    """
    text, plain = _own_lines(pyproject)
    if not plain or not text:
        return None
    found: dict[bytes, bytes] = {}
    table = b""
    for line in text.split(b"\n"):
        if line.startswith(b"["):
            table, _, rest = line.partition(b"]")
            if table == b"[" + _SECTION and rest.strip()[:1] not in b"#":
                return None
        key, _, value = line.partition(b"=")
        key = key.strip().strip(b"\"'")
        if key in _DEFAULTS:
            path = _plain_string(value.strip())
            if table != b"[" + _SECTION or key in found or not path:
                return None
            found[key] = path
    paths = _DEFAULTS | found
    return paths[b"schema"].decode(), paths[b"output"].decode()


def _own_lines(pyproject: bytes) -> tuple[bytes, bool]:
    """The lines of our tables, True; or all lines, False, where lines cannot tell them."""
    whole = lf(pyproject).removeprefix(b"\xef\xbb\xbf")
    own: list[bytes] = []
    inside = False
    headed = False
    for line in whole.split(b"\n"):
        bare = line.translate(None, b" \t\"'")
        if bare.startswith(b"["):
            headed = True
            name = bare.lstrip(b"[")
            if b"\\" in name or name.startswith(b"tool]"):
                return whole, False
            if name.startswith((_SECTION + b"]", _SECTION + b".")):
                inside = True
            elif _is_header(line):
                inside = False
        elif not headed and bare.startswith((b"tool", b"\\")):
            return whole, False
        if inside:
            own.append(line)
    text = b"\n".join(own)
    if b'"""' in text or b"'''" in text:
        return whole, False
    return text, True


def _is_header(line: bytes) -> bool:
    """Whether a line certainly starts a table, and is no line of a nested array."""
    name = line.lstrip(b"[").partition(b"]")[0]
    named = name[:1].isalpha() and not name.translate(None, _BARE)
    return line.startswith(b"[") and named and name not in _VALUES


def _plain_string(value: bytes) -> bytes:
    """A relative path in plain quotes, or nothing."""
    quote = value[:1]
    path, closed, rest = value[1:].partition(quote) if quote else (b"", b"", b"")
    if quote not in (b'"', b"'") or not closed or rest.strip()[:1] not in b"#":
        return b""
    path = path.removeprefix(b"./").rstrip(b"/")
    if b"\\" in path or path.startswith(b"/") or b".." in path or b":" in path:
        return b""
    return path
