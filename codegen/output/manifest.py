"""The manifest: which files are ours, what they were, and what they were made from.

JSON with one line per file, sorted, so that it merges and reads well. Its last entry seals the
others: a merge that takes some lines of each side breaks the seal, and then nothing in the
manifest is believed but ownership.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import Final, Literal

from codegen.output.disk import MANIFEST, lf
from codegen.output.fileset import FileSet, path_fault

FORMAT: Final = 1
_SEAL = '  "seal": "'


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file holds: its SHA-256, and the id that git gives it, both in hexadecimal."""

    sha256: str
    blob: str

    @staticmethod
    def of(data: bytes) -> Stamp:
        """The stamp of data, whose line ends are first made LF."""
        data = lf(data)
        blob = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False)
        return Stamp(sha256(data).hexdigest(), blob.hexdigest())


Input = Stamp | Literal["listed", "absent"]
"""What a run knew of a name: the file's content; only that a file is there; or that none is."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A file that we wrote, and a digest of what it was rendered from."""

    stamp: Stamp
    inputs: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the last run wrote, and from what; the files' paths are relative to its folder.

    Paths of inputs are relative to the project; `folders` are those that were listed.
    `sealed` is False for one that a merge, a conflict or a hand has changed, and when there is
    none. `rivals` holds digests of further lines for the same file, as in a conflict.
    """

    files: Mapping[str, Owned] = field(default_factory=dict[str, Owned])
    inputs: Mapping[str, Input] = field(default_factory=dict[str, Input])
    folders: tuple[str, ...] = ()
    configuration: str = ""
    generator: str = ""
    version: str = ""
    sealed: bool = True
    present: bool = True
    rivals: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]]
    )

    def wrote(self, path: str, data: bytes) -> bool:
        """Whether this is what we wrote there, but for its line ends."""
        if path not in self.files:
            return False
        digest = sha256(lf(data)).hexdigest()
        rivals = self.rivals.get(path, frozenset())
        return digest == self.files[path].stamp.sha256 or digest in rivals

    def to_bytes(self) -> bytes:
        """The text of the manifest, sealed."""
        inputs = [
            f"    {json.dumps(path, ensure_ascii=False)}: [{_quoted(_input_words(known))}]"
            for path, known in sorted(self.inputs.items())
        ]
        files = [
            f'    "{path}": ["{owned.stamp.sha256}", "{owned.stamp.blob}", '
            f'"{owned.inputs}"]'
            for path, owned in sorted(self.files.items())
        ]
        lines = [
            "{",
            f'  "format": {FORMAT},',
            f'  "generator": [{_quoted((self.version, self.generator))}],',
            f'  "configuration": "{self.configuration}",',
            f'  "folders": [{_quoted(sorted(self.folders))}],',
            '  "inputs": {',
            *_table(inputs),
            "  },",
            '  "files": {',
            *_table(files),
            "  },\n",
        ]
        head = "\n".join(lines).encode()
        seal = sha256(head + b"}\n").hexdigest()
        return head + f'{_SEAL}{seal}"\n}}\n'.encode()


def owned_files(files: FileSet, rendered_from: Mapping[str, str]) -> dict[str, Owned]:
    """The manifest's entries for files, given the digest of what each was rendered from."""
    return {
        path: Owned(Stamp.of(data), rendered_from[path]) for path, data in files.items()
    }


def parse_manifest(data: bytes | None) -> Manifest:
    """The manifest of a text, however damaged, or of none; paths that are unfit are dropped."""
    if data is None:
        return Manifest(sealed=False, present=False)
    data = lf(data)
    if _seal_holds(data):
        try:
            return _parse_sealed(data)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # sealed by a hand that is not ours
    return _parse_lines(data.decode(errors="replace").split("\n"))


def _table(lines: list[str]) -> list[str]:
    return [f"{line}," for line in lines[:-1]] + lines[-1:]


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(json.dumps(word, ensure_ascii=False) for word in words)


def _input_words(known: Input) -> tuple[str, ...]:
    return (known,) if isinstance(known, str) else (known.sha256, known.blob)


def _seal_holds(data: bytes) -> bool:
    head, found, tail = data.rpartition(_SEAL.encode())
    seal = sha256(head + b"}\n").hexdigest()
    opening = f'{{\n  "format": {FORMAT},\n'.encode()
    return (
        bool(found) and tail == f'{seal}"\n}}\n'.encode() and head.startswith(opening)
    )


def _parse_sealed(data: bytes) -> Manifest:
    raw = json.loads(data)
    return Manifest(
        files={path: _owned(*words) for path, words in raw["files"].items()},
        inputs={path: _known(words) for path, words in raw["inputs"].items()},
        folders=tuple(raw["folders"]),
        configuration=raw["configuration"],
        generator=raw["generator"][1],
        version=raw["generator"][0],
    )


def _owned(sha: str, blob: str, inputs: str) -> Owned:
    return Owned(Stamp(sha, blob), inputs)


def _known(words: list[str]) -> Input:
    if words == ["listed"]:
        return "listed"
    if words == ["absent"]:
        return "absent"
    return Stamp(*words)


def _parse_lines(lines: list[str]) -> Manifest:
    """Ownership from every line that still reads as one of a file, on either side."""
    files: dict[str, Owned] = {}
    rivals: dict[str, set[str]] = {}
    for line in lines:
        path, words = _file_line(line)
        if words:
            files[path] = _owned(*words)
            rivals.setdefault(path, set()).add(words[0])
    return Manifest(
        files=files,
        sealed=False,
        rivals={path: frozenset(digests) for path, digests in rivals.items()},
    )


def _file_line(line: str) -> tuple[str, list[str]]:
    parts = line.split('"')
    if len(parts) != 9 or path_fault(parts[1]) or parts[1] == MANIFEST:
        return "", []
    return parts[1], parts[3:8:2]
