"""A tree that remembers what was asked of it: the inputs of a run, and what to watch."""

from __future__ import annotations

from codegen.output.manifest import Input, Stamp
from codegen.output.tree import Tree


class RecordedTree:
    """Passes every question on to another tree, and keeps the answers."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._inputs: dict[str, Input] = {}
        self._folders: set[str] = set()

    @property
    def unrecorded(self) -> Tree:
        """The other tree, for files that are no inputs."""
        return self._tree

    @property
    def inputs(self) -> dict[str, Input]:
        """What the run knows: files read, files seen, and names where no file was (`absent`)."""
        return dict(self._inputs)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that were listed, sorted."""
        return tuple(sorted(self._folders))

    def read(self, path: str) -> bytes | None:
        data = self._tree.read(path)
        self._inputs[path] = "absent" if data is None else Stamp.of(data)
        return data

    def size(self, path: str) -> int | None:
        size = self._tree.size(path)
        self._inputs.setdefault(path, "absent" if size is None else "listed")
        return size

    def files(self, folder: str) -> tuple[str, ...]:
        found = self._tree.files(folder)
        self._folders.add(folder)
        for path in found:
            self._inputs.setdefault(f"{folder}/{path}" if folder else path, "listed")
        return found
