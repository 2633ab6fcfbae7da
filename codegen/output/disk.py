"""Reads files and lists folders with as few system calls as can be."""

import os

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_BLOCK = 1 << 16
MANIFEST = "_manifest.json"
STAGING = ".codegen-staging"


def read(path: str) -> bytes:
    """The bytes of a file.

    Raises:
        OSError: it does not exist, is a folder, or may not be read.
    """
    file = os.open(path, _FLAGS)
    try:
        data = os.read(file, _BLOCK)
        if len(data) < _BLOCK:
            return data
        blocks = [data]
        while data := os.read(file, _BLOCK):
            blocks.append(data)
        return b"".join(blocks)
    finally:
        os.close(file)


def lf(data: bytes) -> bytes:
    """The data as it was before a checkout turned its line ends into CRLF."""
    # To look for the single byte is many times faster, and it is hardly ever there.
    return data.replace(b"\r\n", b"\n") if b"\r" in data else data


def seen(name: str) -> bool:
    """Whether a listing shows an entry: hidden ones and Python's caches are nobody's output."""
    return name[0] != "." and name != "__pycache__"


def walk(folder: str) -> list[str]:
    """Every file below a folder, relative to it, with `/` between names; not sorted.

    A symbolic link counts as a file and is not followed.

    Raises:
        OSError: the folder does not exist or may not be listed.
    """
    found: list[str] = []
    pending = [""]
    while pending:
        prefix = pending.pop()
        with os.scandir(f"{folder}/{prefix}") as entries:
            for entry in entries:
                name = entry.name
                if not seen(name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{prefix}{name}/")
                else:
                    found.append(prefix + name)
    return found
