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
    others: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What nothing is made of, with its places in the table."""


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
    line = lines.of(plain[opening].start)
    if all(lines.of(token.start) > line for token in plain[opening + 1 : opening + 2]):
        found.comment = comments.beside(line, and_below=True)
    if not found.comment and lines.of(plain[opening - 1].end) < line:
        found.comment = comments.beside(lines.of(plain[opening - 1].end))
    columns: list[tuple[int, int, str]] = []
    for part in split(plain[opening + 1 : closing], ","):
        if not part:
            continue
        name = part[0].name
        _others(sql, part, found)
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
            found.comments[name] = "\n".join(filter(None, (above, beside)))
    if rest := comments.rest():
        found.others["comment"] = [f'"{text}"' for text in rest]
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


def _others(sql: str, part: Sequence[Token], found: Declaration) -> None:
    """The clauses ON CONFLICT and DEFERRABLE, unless they say what is usual."""
    name = part[0].name or ""
    place = " ".join(sql[part[0].start : part[-1].end].split())
    if not part[0].is_word(*_TABLE_CONSTRAINTS):
        place = name
    words = [token.text.upper() if token.kind == "word" else "" for token in part]
    for i, word in enumerate(words):
        if words[i : i + 2] == ["ON", "CONFLICT"] and words[i + 2 : i + 3] != ["ABORT"]:
            what = " ".join(words[i : i + 3])
            found.others.setdefault(what, []).append(place)
        elif word == "DEFERRABLE" and words[i - 1] != "NOT":
            found.others.setdefault(word, []).append(place)


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
    """The comments by their lines; each is given out once."""

    def __init__(
        self, everything: Sequence[Token], plain: Sequence[Token], lines: _Lines
    ) -> None:
        self._texts: dict[int, str] = {}
        for token in everything:
            if token.kind == "comment":
                for i, text in enumerate(_lines_of_comment(token.text)):
                    line = lines.of(token.start) + i
                    before = self._texts.get(line)
                    self._texts[line] = f"{before} {text}" if before else text
        code_lines = {lines.of(token.start) for token in plain}
        self._alone = self._texts.keys() - code_lines

    def rest(self) -> list[str]:
        """The comments that were not given out, each as one line."""
        return [" ".join(text.split()) for text in self._texts.values() if text.strip()]

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


def _lines_of_comment(text: str) -> list[str]:
    """The lines of a comment, without its marks."""
    if text.startswith("--"):
        return [text[2:].removeprefix(" ").rstrip()]
    inner = text[2:].removesuffix("*/")
    return [line.strip().removeprefix("*").strip() for line in inner.split("\n")]
