"""Search indexes: words, filters, ranks, pages, and what writing does to them."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.engines.database import Database
from codegen.runtime import ABSENT, REMOVE, InvalidCursor, InvalidQuery, NotUnique
from codegen.runtime.errors import TooManyResults

SCHEMA = """
tables:
  notes:
    fields:
      text?: str
      kind: Literal["open", "done"]
      owner?: str | None
      about?: {place?: str, count?: int}
      anything?: Any
    searchIndexes:
      search_text: {field: text, filters: [kind, owner, about.place, about.count, anything]}
      search_place: {field: about.place}
      later: {field: text, staged: true}
  plain:
    fields: {text: str}
  wide:
    fields: {a: str, b: str, c: str, d: str, e: str, f: str, g: str, h: str, i: str}
    searchIndexes:
      search_a: {field: a, filters: [a, b, c, d, e, f, g, h, i]}
"""


@pytest.fixture
def notes(models: Any) -> Any:
    return models.notes


def stored(models: Any, db: Database, *texts: str | None, **fields: Any) -> list[Any]:
    """The ids of notes with these texts."""
    given = {"kind": "open", **fields}
    return db.insert_many([models.NoteNew(text=text, **given) for text in texts])


def found(db: Database, query: Any) -> list[str]:
    return [note.text for note in db.run(query)]


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ("red", {"Red apple", "red, RED wine", "bored by red-brick"}),
        ("RED", {"Red apple", "red, RED wine", "bored by red-brick"}),
        ("app", {"Red apple"}),  # of the last word the beginning is enough
        ("app wine", {"red, RED wine"}),  # and of no other
        ("wine app", {"Red apple", "red, RED wine"}),  # any word is
        ("brick", {"bored by red-brick"}),
        ("ore", set()),
        ("Äp", {"Äpfel und Öl"}),
        ("öl", {"Äpfel und Öl"}),
        ("हिन्दी", {"हिन्दी में"}),
        ("हि", {"हिन्दी में"}),
        ("名前", {"名前 です"}),
        ("cafe\u0301", {"cafe\u0301 noir"}),
        ("42", {"a1 42nd"}),
        ("snake", {"snake_case"}),
        ("case", {"snake_case"}),
        ("", set()),
        ("  ,.'\"*:&|!()-", set()),
        ("words : NEAR(red)", {"Red apple", "red, RED wine", "bored by red-brick"}),
        ('"red" AND NOT', {"Red apple", "red, RED wine", "bored by red-brick"}),
        ("marks", set()),
        ("x" * 31, {"x" * 31}),
        ("x" * 32, set()),  # too long to be a word
        ("ä" * 15, {"ä" * 15}),
        ("\x00\ud800 red", {"Red apple", "red, RED wine", "bored by red-brick"}),
    ],
)
def test_words(db: Database, models: Any, asked: str, texts: set[str]) -> None:
    stored(
        models,
        db,
        *("Red apple", "red, RED wine", "bored by red-brick", "Äpfel und Öl"),
        *(
            "हिन्दी में",
            "名前 です",
            "cafe\u0301 noir",
            "a1 42nd",
            "snake_case",
            "x" * 31,
        ),
        *("x" * 32, "ä" * 15, "ä" * 16, "", None, "nul\x00byte"),
    )
    assert set(found(db, models.notes.search_text(asked))) == texts


def test_the_first_sixteen_words_count(db: Database, models: Any) -> None:
    words = [f"w{number}" for number in range(20)]
    stored(models, db, *words)
    expected = {*words[:16]}
    assert set(found(db, models.notes.search_text(" ".join(words)))) == expected


def test_what_has_more_of_the_words_is_first(db: Database, models: Any) -> None:
    others = [f"other {number}" for number in range(20)]
    stored(models, db, "apple", "apple pear", "pear pear apple", *others)
    ranked = found(db, models.notes.search_text("pear apple"))
    assert ranked[-1] == "apple" and len(ranked) == 3


def test_of_equals_the_newest_is_first(db: Database, models: Any) -> None:
    stored(models, db, "same word", "same other", "same thing")
    assert found(db, models.notes.search_text("same")) == [
        *("same thing", "same other", "same word")
    ]


@pytest.mark.parametrize(
    ("filters", "texts"),
    [
        ({}, {"a one", "a two", "a three", "a four"}),
        ({"kind": "done"}, {"a three"}),
        ({"kind": "open", "owner": "ann"}, {"a two"}),
        ({"owner": None}, {"a three"}),
        ({"owner": ABSENT}, {"a one", "a four"}),
        ({"about_place": "here"}, {"a four"}),
        ({"about_place": None}, {"a one", "a two", "a three"}),
        ({"about_count": 7}, {"a four"}),
        ({"anything": 1}, {"a one"}),
        ({"anything": [1, {"b": "c"}]}, {"a two"}),
        ({"anything": "1"}, set()),
    ],
)
def test_filters(
    db: Database, models: Any, filters: dict[str, Any], texts: set[str]
) -> None:
    stored(models, db, "a one", anything=1)
    stored(models, db, "a two", owner="ann", anything=[1, {"b": "c"}])
    stored(models, db, "a three", kind="done", owner=None)
    about = {"place": "here", "count": 7}
    stored(models, db, "a four", about=about)
    assert set(found(db, models.notes.search_text("a", **filters))) == texts


def test_a_filter_is_no_word(db: Database, models: Any) -> None:
    """Nor is the value of one field that of another."""
    stored(models, db, "open", owner="here", about={"place": "there"})
    assert found(db, models.notes.search_text("here")) == []
    assert found(db, models.notes.search_text("open", owner="there")) == []
    assert found(db, models.notes.search_text("open", about_place="there")) == ["open"]


def test_a_patch_moves_a_document(db: Database, models: Any) -> None:
    notes, patch = models.notes, models.NotePatch
    (id,) = stored(models, db, "first words")
    db.patch(id, patch(text="second text"))
    assert found(db, notes.search_text("first")) == []
    assert found(db, notes.search_text("second")) == ["second text"]
    db.patch(id, patch(kind="done"))
    assert found(db, notes.search_text("second", kind="open")) == []
    assert found(db, notes.search_text("second", kind="done")) == ["second text"]
    db.patch(id, patch(text=REMOVE))
    assert found(db, notes.search_text("second")) == []
    db.patch(id, patch(text="back again"))
    assert found(db, notes.search_text("again")) == ["back again"]
    db.replace(id, models.NoteNew(kind="open", text="replaced"))
    assert found(db, notes.search_text("again replaced")) == ["replaced"]
    db.delete(id)
    assert found(db, notes.search_text("replaced")) == []


def test_what_is_undone_is_not_found(db: Database, models: Any) -> None:
    (id,) = stored(models, db, "kept")
    with pytest.raises(RuntimeError), db.transaction():
        db.patch(id, models.NotePatch(text="changed"))
        stored(models, db, "inserted")
        seen = found(db, models.notes.search_text("changed inserted kept"))
        assert set(seen) == {"changed", "inserted"}
        raise RuntimeError
    assert found(db, models.notes.search_text("changed inserted kept")) == ["kept"]


def test_terminals(db: Database, models: Any, notes: Any) -> None:
    ids = stored(models, db, "one word", "two words", "three words")
    query = notes.search_text("words")
    assert db.run(query.first()).id == ids[2]
    assert [note.id for note in db.run(query.take(1))] == [ids[2]]
    assert db.run(query.take(0)) == []
    assert db.run(notes.search_text("one").unique()).id == ids[0]
    assert db.run(notes.search_text("none").unique()) is None
    with pytest.raises(NotUnique):
        db.run(query.unique())
    assert db.run(query.collect()) == db.run(query)
    assert db.run(query.filter(lambda note: note.text < "tm").first()).id == ids[2]
    assert found(db, query.filter(lambda note: note.text > "tm")) == ["two words"]
    assert not hasattr(query, "order")


def test_pages_are_parts_of_the_whole(db: Database, models: Any, notes: Any) -> None:
    stored(models, db, *(f"word {'word ' * (n % 4)}{n}" for n in range(23)))
    query = notes.search_text("word")
    for size in (1, 4, 23, 24):
        cursor, pages = None, []
        while True:
            page = db.run(query.paginate(size, cursor))
            pages += page.items
            cursor = page.cursor
            if cursor is None:
                break
            assert len(page.items) == size
            again = db.run(query.paginate(size, None, end_cursor=cursor))
            assert again.items == pages
        assert pages == db.run(query)
    odd = query.filter(lambda note: int(note.text.split()[-1]) % 2)
    page = db.run(odd.paginate(5))
    rest = db.run(odd.paginate(50, page.cursor))
    assert [*page.items, *rest.items] == db.run(odd)


def test_a_cursor_belongs_to_its_query(db: Database, models: Any, notes: Any) -> None:
    stored(models, db, "word one", "word two", "word three")
    cursor = db.run(notes.search_text("word").paginate(1)).cursor
    for other in (
        notes.search_text("words"),
        notes.search_text("word", kind="open"),
        notes.full_scan(),
    ):
        with pytest.raises(InvalidCursor):
            db.run(other.paginate(1, cursor))
    own = notes.full_scan().paginate(1)
    with pytest.raises(InvalidCursor):
        db.run(notes.search_text("word").paginate(1, db.run(own).cursor))


def test_1024_documents_are_read_at_most(db: Database, models: Any, notes: Any) -> None:
    stored(models, db, *(f"word n{number}" for number in range(1024)))
    query = notes.search_text("word")
    assert len(db.run(query)) == 1024
    assert len(db.run(query.take(5000))) == 1024
    stored(models, db, "one word too many")
    few = query.filter(lambda note: note.text.endswith("n1"))
    for read in (query, query.take(1025), query.paginate(1025), few.unique()):
        with pytest.raises(TooManyResults) as raised:
            db.run(read)
        assert raised.value.index == "search_text" and raised.value.limit == 1024
    assert len(db.run(query.take(1024))) == 1024
    page = db.run(query.paginate(1024))
    assert len(page.items) == 1024
    with pytest.raises(TooManyResults):
        db.run(query.paginate(1, page.cursor))
    assert found(db, notes.search_text("word n1", kind="done")) == []


def test_long_texts(db: Database, models: Any, notes: Any) -> None:
    """A document may have 1 MiB, and a tsvector of PostgreSQL no more than that."""
    many = " ".join(f"{number:x}" + "y" * 20 for number in range(38_000))
    stored(models, db, many, "again " * 170_000)
    assert len(found(db, notes.search_text("0" + "y" * 20))) == 1
    assert len(found(db, notes.search_text(f"{37_999:x}" + "y" * 20))) == 1
    assert len(found(db, notes.search_text("agai"))) == 1


def test_refused(db: Database, models: Any, notes: Any) -> None:
    with pytest.raises(InvalidQuery, match="`later` of table `notes` is staged"):
        db.run(notes._search("later", "x", {}))
    with pytest.raises(InvalidQuery, match="no search index `search_none`"):
        db.run(notes._search("search_none", "x", {}))
    with pytest.raises(InvalidQuery, match="no filter `text`"):
        db.run(notes._search("search_text", "x", {"text": "y"}))
    with pytest.raises(InvalidQuery, match="8 fields at most, not by 9"):
        db.run(models.wide.search_a("x", **dict.fromkeys("abcdefghi", "y")))
    assert db.run(models.wide.search_a("x", **dict.fromkeys("abcdefgh", "y"))) == []
    with pytest.raises(TypeError, match="1 is no text"):
        notes.search_text(1)
    with pytest.raises(InvalidQuery):
        db.run(notes._index("search_text", ()))


def test_a_random_history_leaves_what_is_there(
    db: Database, models: Any, notes: Any
) -> None:
    from random import Random

    random = Random(7)
    words = ["ant", "bee", "cat", "dog", "eel"]
    there: dict[Any, tuple[str, str]] = {}
    for _ in range(150):
        text = " ".join(random.choices(words, k=random.randint(0, 4)))
        kind = random.choice(["open", "done"])
        doing = random.random()
        if doing < 0.5 or not there:
            (id,) = stored(models, db, text, kind=kind)
            there[id] = text, kind
        elif doing < 0.8:
            id = random.choice([*there])
            db.patch(id, models.NotePatch(text=text, kind=kind))
            there[id] = text, kind
        else:
            id = random.choice([*there])
            db.delete(id)
            del there[id]
    for word in words:
        for kind in ("open", "done"):
            expected = {
                id for id, (t, k) in there.items() if word in t.split() and k == kind
            }
            query = notes.search_text(word, kind=kind)
            assert {note.id for note in db.run(query)} == expected


def test_explain_says_that_the_index_is_read(db: Database, notes: Any) -> None:
    plan = db.explain(notes.search_text("word", kind="open").take(3))
    assert ".search_text.search" in plan
    assert "VIRTUAL TABLE INDEX" in plan or "Bitmap Index Scan" in plan
