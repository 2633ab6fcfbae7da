"""What SQLite's catalogue keeps only as the text of a CREATE TABLE: conditions and comments."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from .tokens import Token, matching, split, tokens

_TABLE_CONSTRAINTS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


@dataclass(slots=True)
class Declaration:
    """Texts of a CREATE TABLE, by the names of columns in lower case."""

    checks: list[str] = field(default_factory=list[str])
    generated: dict[str, str] = field(default_factory=dict[str, str])
    collations: dict[str, str] = field(default_factory=dict[str, str])
    comments: dict[str, str] = field(default_factory=dict[str, str])
    comment: str = ""
    """Beside the bracket that opens the list of columns."""
    is_autoincrement: bool = False


def read_declaration(sql: str) -> Declaration:
    """What the text says; where it is of another form, nothing."""
    found = Declaration()
    everything = list(tokens(sql, brackets_quote=True))
    plain = [token for token in everything if token.kind != "comment"]
    opening = next((i for i, t in enumerate(plain) if t.text == "("), None)
    if opening is None:
        return found
    closing = matching(plain, opening)
    lines = _Lines(sql)
    comments = _Comments(everything, plain, lines)
    found.comment = comments.beside(lines.of(plain[opening].start), and_below=True)
    columns: list[tuple[int, int, str]] = []
    for part in split(plain[opening + 1 : closing], ","):
        if not part:
            continue
        name = part[0].name
        if name is None or part[0].is_word(*_TABLE_CONSTRAINTS):
            _checks(sql, part, found)
        else:
            _column(sql, name.lower(), part, found)
            first, last = lines.of(part[0].start), lines.of(part[-1].end)
            columns.append((first, last, name.lower()))
    last_of_line = {last: name for _, last, name in columns}
    for first, last, name in columns:
        above = comments.above(first)
        beside = comments.beside(last) if last_of_line[last] == name else ""
        if above or beside:
            found.comments[name] = beside or above
    return found


def _column(sql: str, name: str, part: Sequence[Token], found: Declaration) -> None:
    _checks(sql, part, found)
    for i, token in enumerate(part[1:], 1):
        after = part[i + 1] if i + 1 < len(part) else None
        if token.is_word("AUTOINCREMENT"):
            found.is_autoincrement = True
        elif after is not None and token.is_word("COLLATE"):
            found.collations[name] = after.name or after.text
        elif after is not None and token.is_word("AS") and after.text == "(":
            found.generated[name] = _inside(sql, part, i + 1)


def _checks(sql: str, part: Sequence[Token], found: Declaration) -> None:
    for i, token in enumerate(part[:-1]):
        if token.is_word("CHECK") and part[i + 1].text == "(":
            found.checks.append(_inside(sql, part, i + 1))


def _inside(sql: str, part: Sequence[Token], opening: int) -> str:
    """The text between the brackets, of which the first is at `opening`."""
    end = matching(part, opening)
    last = part[end].start if end < len(part) else len(sql)
    return sql[part[opening].end : last]


class _Lines:
    """The lines on which places of a text are."""

    def __init__(self, text: str) -> None:
        self._ends = [i for i, character in enumerate(text) if character == "\n"]

    def of(self, place: int) -> int:
        return bisect_left(self._ends, place)


class _Comments:
    """The comments that end a line; each is given out once."""

    def __init__(
        self, everything: Sequence[Token], plain: Sequence[Token], lines: _Lines
    ) -> None:
        self._texts = {
            lines.of(token.start): token.text[2:].removeprefix(" ").rstrip()
            for token in everything
            if token.text.startswith("--")
        }
        code_lines = {lines.of(token.start) for token in plain}
        self._alone = self._texts.keys() - code_lines

    def beside(self, line: int, *, and_below: bool = False) -> str:
        """The comment on a line of code, and with those that follow it on lines of their own."""
        if line in self._alone or line not in self._texts:
            return ""
        texts = [self._texts.pop(line)]
        while and_below and line + 1 in self._alone:
            line += 1
            self._alone.discard(line)
            texts.append(self._texts.pop(line))
        return "\n".join(texts).strip()

    def above(self, line: int) -> str:
        """The comments on the lines just above, which have no code."""
        texts: list[str] = []
        while line - 1 in self._alone:
            line -= 1
            self._alone.discard(line)
            texts.append(self._texts.pop(line))
        return "\n".join(reversed(texts)).strip()
