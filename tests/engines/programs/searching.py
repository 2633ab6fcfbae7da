"""Random programs that search, too, and ask for the nearest: what they must find is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from codegen.runtime import ABSENT, REMOVE, any_of
from codegen.runtime.filters import UNFILTERED
from tests.engines.programs.articles import Articles
from tests.engines.programs.machine import Programs
from tests.engines.programs.places import Side

_KINDS: Final = ("a", "b", None, ABSENT)
_VECTORS: Final = ([1, 0], [2, 0], [1, 3], [-1, 2], [0, 1], [0, 4], [-3, -3])
_WITHOUT_DIRECTION: Final[Sequence[Sequence[float]]] = (
    *([], [1], [1, 2, 3], [0, -0.0], [float("nan"), 1]),
)
_ASKED: Final = ([3, 1], [-1, 4], [2, -5])
"""No two directions are as near to one of them: rounding decides nothing."""

# Some begin others, one is too long; in long texts are more of them than are looked for.
_words = st.sampled_from(
    [*("a", "an", "ant", "Ants", "AN", "bee", "be", "äpfel", "7"), "x" * 31, "x" * 32]
)
_texts = st.builds(
    str.join,
    st.sampled_from([" ", "_", ", "]),
    st.lists(_words, max_size=4) | st.lists(_words, min_size=16, max_size=18),
)
_fields: dict[str, st.SearchStrategy[Any]] = {
    "text": _texts | _texts | st.none(),
    "kind": st.sampled_from(["a", "b", None]),
    "vector": st.sampled_from(_VECTORS) | st.sampled_from(_WITHOUT_DIRECTION),
}
_articles = st.fixed_dictionaries({}, optional=_fields) | st.fixed_dictionaries(_fields)
_changes = st.fixed_dictionaries(
    {}, optional={name: st.just(REMOVE) | field for name, field in _fields.items()}
)
_numbers = st.integers(0, 100)


class SearchingPrograms(Programs):
    """What a program does next, with articles."""

    def __init__(self, package: ModuleType, server: str) -> None:
        super().__init__(package, server)
        self._articles = Articles()

    @initialize(given=st.lists(_articles, min_size=12, max_size=20))
    def begin_with_articles(self, given: list[dict[str, Any]]) -> None:
        self.write_articles(given)

    @rule(given=st.lists(_articles, min_size=1, max_size=7))
    def write_articles(self, given: list[dict[str, Any]]) -> None:
        names = [self._articles.named(fields) for fields in given]

        def write(side: Side) -> None:
            news = [side.package.ArticleNew(**fields) for fields in given]
            for name, id in zip(names, side.db.insert_many(news), strict=True):
                side.is_named(name, id)

        self._same(write, given)

    @rule(number=_numbers, changes=_changes)
    def change_article(self, number: int, changes: dict[str, Any]) -> None:
        if name := self._articles.name_at(number):
            self._articles.changed(name, changes)
            self._same(
                lambda side: side.db.patch(
                    side.ids[name], side.package.ArticlePatch(**changes)
                )
            )

    @rule(number=_numbers, fields=_articles)
    def replace_article(self, number: int, fields: dict[str, Any]) -> None:
        if name := self._articles.name_at(number):
            self._articles.replaced(name, fields)
            self._same(
                lambda side: side.db.replace(
                    side.ids[name], side.package.ArticleNew(**fields)
                )
            )

    @rule(number=_numbers)
    def delete_article(self, number: int) -> None:
        if name := self._articles.name_at(number):
            self._articles.deleted(name)
            self._same(lambda side: side.db.delete(side.ids[name]))

    @rule(
        texts=st.lists(_texts, min_size=2, max_size=4),
        kind=st.sampled_from([UNFILTERED, UNFILTERED, *_KINDS]),
        count=st.integers(1, 5),
    )
    def search(self, texts: list[str], kind: Any, count: int) -> None:
        for text in texts:
            self._search(text, kind, count)

    def _search(self, text: str, kind: Any, count: int) -> None:
        """The order is each database's own, but of articles with one text."""
        expected = self._articles.with_words(
            text, _KINDS if kind is UNFILTERED else [kind]
        )

        def search(side: Side) -> Any:
            query = side.package.articles.search_text(text, kind=kind)
            found = side.db.run(query.collect())
            _assert_parts(side, query, found, count)
            shown: Any = side.shown(found)
            shown = {article["_id"]: article for article in shown}
            assert self._by_text(shown) == self._by_text(expected)
            return [shown[name] for name in expected]

        self._same(search, text, kind)

    @rule(
        vector=st.sampled_from(_ASKED),
        kinds=st.none() | st.lists(st.sampled_from(_KINDS), min_size=1, max_size=3),
        limit=st.sampled_from([1, 2, 3, 10, 256]),
    )
    def nearest(
        self, vector: list[float], kinds: list[object] | None, limit: int
    ) -> None:
        filters = {} if kinds is None else {"kind": any_of(*kinds)}
        near = self._articles.nearest(vector, kinds or _KINDS)[:limit]
        scores = [score for _, score in near]

        def nearest(side: Side) -> Any:
            articles = side.package.articles
            scored = side.db.run(articles.by_vector(vector, limit=limit, **filters))
            shown: Any = side.shown([document for document, _ in scored])
            assert [one["_id"] for one in shown] == [name for name, _ in near]
            assert [one.score for one in scored] == pytest.approx(scores, abs=1e-6)
            return shown

        self._same(nearest, vector, kinds, limit)

    def _by_text(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The articles of each text, as they come."""
        texts: dict[str, list[str]] = {}
        for name in names:
            texts.setdefault(self._articles.text_of(name), []).append(name)
        return texts

    def _mark(self) -> Callable[[], None]:
        undo, undo_articles = super()._mark(), self._articles.mark()

        def undo_all() -> None:
            undo()
            undo_articles()

        return undo_all


def _assert_parts(side: Side, query: Any, found: list[Any], count: int) -> None:
    """What is read of a search in parts is what it finds."""
    ids = _ids(found)
    assert _ids(side.db.run(query.take(count))) == ids[:count]
    first = side.db.run(query.first())
    assert _ids([first] if first else []) == ids[:1]
    kept = side.db.run(query.filter(lambda article: article.kind == "a"))
    assert _ids(kept) == _ids(one for one in found if one.kind == "a")
    page = side.db.run(query.paginate(count))
    paged = _ids(page.items)
    while page.cursor is not None:
        page = side.db.run(query.paginate(count, page.cursor))
        paged += _ids(page.items)
    assert paged == ids


def _ids(articles: Iterable[Any]) -> list[str]:
    return [article.id for article in articles]
