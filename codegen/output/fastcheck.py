"""Whether nothing has changed since the last run, asked before anything else is loaded.

Says yes only when it is certain: the configuration, the generator, every input and every file
are those that a sealed manifest names, and there are no others. On any doubt it says no, and
the full check decides and explains.
"""

import os
from hashlib import sha1, sha256

from codegen.output.configuration import configuration_digest, configured_paths
from codegen.output.disk import MANIFEST, STAGING, lf, read, seen, walk
from codegen.output.generator import generator_digest
from codegen.output.staged import EMPTY_TREE, LIST_STAGED, parse_staged

_FORMAT = "1"
_SEAL = b'  "seal": "'


class _Doubt(Exception):
    """Something is not as the manifest says, or not in a form that is read here."""


class _Promise:
    """What a sealed manifest says: for each path its words, such as SHA-256 and blob id."""

    def __init__(self, data: bytes, configuration: str) -> None:
        head, _, tail = data.rpartition(_SEAL)
        _demand(tail == sha256(head + b"}\n").hexdigest().encode() + b'"\n}\n')
        lines = head.decode().split("\n")
        _demand(lines[1] == f'  "format": {_FORMAT},' and "\\" not in lines[4])
        _demand(lines[2].split('"')[5] == generator_digest())
        _demand(lines[3] == f'  "configuration": "{configuration}",')
        self.folders = lines[4].split('"')[3::2]
        _demand(lines[5] == '  "inputs": {')
        middle = lines.index('  "files": {')
        self.inputs = dict(map(_entry, lines[6 : middle - 1]))
        self.files = dict(map(_entry, lines[middle + 1 : -2]))


def clean(argv: list[str], root: str = ".") -> bool:
    """Whether `codegen check` or `codegen check --staged` would certainly find no drift.

    `argv` are the words after the program's name, `root` the folder of the pyproject.toml.
    """
    try:
        if argv == ["check"]:
            _check_disk(root)
        elif argv == ["check", "--staged"]:
            _check_index(root)
        else:
            return False
    except (_Doubt, OSError, ValueError, IndexError):
        return False
    return True


def _demand(condition: bool) -> None:
    if not condition:
        raise _Doubt


def _entry(line: str) -> tuple[str, list[str]]:
    parts = line.split('"')
    _demand("\\" not in line)
    return parts[1], parts[3::2]


def _promise(root: str) -> tuple[_Promise, str, bytes, bytes]:
    """The promise on disk, the output folder, and the texts that it was read from."""
    pyproject = lf(read(f"{root}/pyproject.toml"))
    paths = configured_paths(pyproject)
    if paths is None:
        raise _Doubt
    schema, output = paths
    _demand(not os.path.lexists(f"{root}/{output}/{STAGING}"))
    text = lf(read(f"{root}/{output}/{MANIFEST}"))
    promise = _Promise(text, configuration_digest(pyproject))
    _demand(schema in promise.folders or schema in promise.inputs)
    return promise, output, pyproject, text


def _check_disk(root: str) -> None:
    promise, output, _, _ = _promise(root)
    for folder in promise.folders:
        for path in walk(f"{root}/{folder}"):
            _demand(f"{folder}/{path}" in promise.inputs)
    for path, words in promise.inputs.items():
        if words == ["absent"]:
            there = f"{root}/{path}"
            _demand(os.path.isdir(there) or not os.path.lexists(there))
        elif words == ["listed"]:
            _demand(os.path.lexists(f"{root}/{path}"))
        else:
            _demand(_digest(f"{root}/{path}", words[0]))
    listed = walk(f"{root}/{output}")
    _demand(len(listed) == len(promise.files) + 1)
    for path in listed:
        if path != MANIFEST:
            _demand(path in promise.files)
            _demand(_digest(f"{root}/{output}/{path}", promise.files[path][0]))


def _digest(path: str, expected: str) -> bool:
    data = read(path)
    if sha256(data).hexdigest() == expected:
        return True
    return b"\r\n" in data and sha256(lf(data)).hexdigest() == expected


def _check_index(root: str) -> None:
    promise, output, pyproject, manifest = _promise(root)
    expected = {
        "pyproject.toml": _blob(pyproject),
        f"{output}/{MANIFEST}": _blob(manifest),
    }
    for path, words in promise.files.items():
        expected[f"{output}/{path}"] = words[1]
    absent = set[str]()
    listed = set[str]()
    for path, words in promise.inputs.items():
        if len(words) == 2:
            expected[path] = words[1]
        else:
            (absent if words == ["absent"] else listed).add(path)
    folders = [f"{folder}/" for folder in (output, *promise.folders)]
    outside = {*expected, *listed, *absent}
    outside = {path for path in outside if not path.startswith(tuple(folders))}
    for path, blob in _staged(root, [*folders, *sorted(outside)]).items():
        if path in expected:
            _demand(expected.pop(path) == blob)
        elif path in listed:
            listed.remove(path)
        else:
            _demand(path not in absent)
            for folder in folders:
                if path.startswith(folder):
                    names = path[len(folder) :].split("/")
                    _demand(not all(map(seen, names)))
    _demand(not expected and not listed)


def _blob(data: bytes) -> str:
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _staged(root: str, paths: list[str]) -> dict[str, str]:
    """The blob ids of the files that a commit would hold, by path relative to the root."""
    # With `GIT_DIR` alone, git takes the folder that it runs in for the top.
    _demand("GIT_DIR" not in os.environ or os.path.lexists(f"{root}/.git"))
    command = ["git", "-C", root, *LIST_STAGED, EMPTY_TREE, "--", *paths]
    output, status = _run(command)
    _demand(status == 0)
    blobs: dict[str, str] = {}
    for path, mode, blob, state in parse_staged(output):
        _demand(mode in ("100644", "100755") and state == "A")
        blobs[path] = blob
    return blobs


def _run(command: list[str]) -> tuple[bytes, int]:
    """The standard output and the exit status of a program, without loading `subprocess`."""
    _demand(hasattr(os, "posix_spawnp"))
    reader, writer = os.pipe()
    try:
        actions = [
            (os.POSIX_SPAWN_DUP2, writer, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        process = os.posix_spawnp("git", command, os.environ, file_actions=actions)
        os.close(writer)
        writer = -1
        blocks: list[bytes] = []
        while block := os.read(reader, 1 << 16):
            blocks.append(block)
    finally:
        os.close(reader)
        if writer >= 0:
            os.close(writer)
    return b"".join(blocks), os.waitpid(process, 0)[1]
