"""How git is asked what a commit would hold."""

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
LIST_STAGED = (
    "--literal-pathspecs",
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--relative",
    "--ita-invisible-in-index",
)
"""The index as additions to the empty tree; its id, `--` and paths follow.

Unlike `ls-files` this leaves out what is only intended to be added.
"""


def parse_staged(output: bytes) -> list[tuple[str, str, str, str]]:
    """Path, mode, blob id and status (`A`, or `U` for a conflict) of each line of a listing."""
    fields = output.decode(errors="surrogateescape").split("\0")
    rows: list[tuple[str, str, str, str]] = []
    for words, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, status = words.split(" ")
        rows.append((path, mode, blob, status))
    return rows
