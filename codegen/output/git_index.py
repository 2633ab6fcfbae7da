"""The files as they are staged in git, which is what a commit will hold."""

from __future__ import annotations

import os
import posixpath
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import IO
from weakref import finalize

from codegen.output.disk import seen
from codegen.output.errors import IndexUnreadable
from codegen.output.staged import EMPTY_TREE, LIST_STAGED, parse_staged


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    blob: str
    status: str


class GitIndexTree:
    """The files that are staged, below a folder of the working tree.

    git itself finds the index, so that `GIT_INDEX_FILE`, linked work trees and hooks work.

    Raises:
        IndexUnreadable: by each method, when git fails or is missing, and when a file that is
            asked for is in conflict or is a symbolic link.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.fspath(root)

    def read(self, path: str) -> bytes | None:
        entry = self._entry(path)
        return self._contents.ask(entry.blob) if entry else None

    def size(self, path: str) -> int | None:
        entry = self._entry(path)
        return self._sizes.ask_size(entry.blob) if entry else None

    def files(self, folder: str) -> tuple[str, ...]:
        prefix = f"{folder}/" if folder else ""
        below = [path for path in self._entries if path.startswith(prefix)]
        found = [path.removeprefix(prefix) for path in below]
        return tuple(sorted(path for path in found if all(map(seen, path.split("/")))))

    def _entry(self, path: str) -> _Entry | None:
        path = posixpath.normpath(path)
        entry = self._entries.get(path)
        if entry is None or entry.mode == "160000":
            return None
        if entry.status == "U":
            raise IndexUnreadable(
                path, "is in conflict: finish the merge, then stage it"
            )
        if entry.mode == "120000":
            raise IndexUnreadable(path, "is a symbolic link; stage the file itself")
        return entry

    @cached_property
    def _environment(self) -> dict[str, str]:
        return _git_environment(self._root)

    @cached_property
    def _entries(self) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for path, *words in parse_staged(self._staged()):
            if path not in entries or entries[path].status != "U":
                entries[path] = _Entry(*words)
        return entries

    def _staged(self) -> bytes:
        listing = self._run(*LIST_STAGED, EMPTY_TREE)
        if listing.returncode:
            # A repository with SHA-256 ids names the empty tree otherwise.
            empty = self._run("hash-object", "-t", "tree", "--stdin")
            listing = self._run(*LIST_STAGED, empty.stdout.decode().strip())
        if listing.returncode:
            lines = listing.stderr.decode(errors="replace").strip().splitlines()
            raise IndexUnreadable(self._root, lines[-1] if lines else "git failed")
        return listing.stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *words],
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
        except OSError as error:
            raise _git_missing(self._root, error) from error

    @cached_property
    def _contents(self) -> _Objects:
        return _Objects(self._root, "--batch", self._environment)

    @cached_property
    def _sizes(self) -> _Objects:
        return _Objects(self._root, "--batch-check", self._environment)


class _Objects:
    """A running `git cat-file` that answers one id at a time, and ends with its owner."""

    def __init__(self, root: str, mode: str, environment: dict[str, str]) -> None:
        try:
            process = subprocess.Popen(
                ["git", "cat-file", mode],
                cwd=root,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise _git_missing(root, error) from error
        assert process.stdin and process.stdout
        self._root = root
        self._questions: IO[bytes] = process.stdin
        self._answers: IO[bytes] = process.stdout
        finalize(self, _end, process)

    def ask_size(self, blob: str) -> int:
        self._questions.write(f"{blob}\n".encode())
        self._questions.flush()
        words = self._answers.readline().split()
        if len(words) != 3:
            raise IndexUnreadable(self._root, f"git has lost the object {blob}")
        return int(words[2])

    def ask(self, blob: str) -> bytes:
        data = self._answers.read(self.ask_size(blob) + 1)
        return data[:-1]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.communicate()


def _git_environment(root: str) -> dict[str, str]:
    """The environment for git below `root`, with a meaning that does not depend on the folder.

    A hook in a linked work tree sets `GIT_DIR` alone: git then takes whatever folder it runs
    in for the top. Where git finds the same repository by itself, that is better.
    """
    environment = dict(os.environ)
    told = environment.get("GIT_DIR")
    if told is None or "GIT_WORK_TREE" in environment:
        return environment
    told = os.path.abspath(told)
    del environment["GIT_DIR"]
    question = ["git", "rev-parse", "--absolute-git-dir"]
    try:
        answer = subprocess.run(
            question, cwd=root, env=environment, capture_output=True
        )
    except OSError as error:
        raise _git_missing(root, error) from error
    if os.path.realpath(os.fsdecode(answer.stdout.rstrip(b"\n"))) == os.path.realpath(
        told
    ):
        return environment
    return environment | {"GIT_DIR": told, "GIT_WORK_TREE": os.getcwd()}


def _git_missing(root: str, error: OSError) -> IndexUnreadable:
    return IndexUnreadable(root, f"git cannot be run: {error.strerror or error}")
