"""Schemas that change: what `connect` does to a database with an earlier one, or refuses to do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.runtime import (
    ABSENT,
    NewerSchema,
    SchemaChanged,
    SchemaMismatch,
    UniqueViolation,
)
from tests.engines.packages import package
from tests.engines.safety.places import Place

USERS = """\
tables:
  users:
    fields:
      name: str
      age: float
      team?: str
    indexes:
      by_name: [name]
      by_age: [age]
"""

_numbers = count()

Evolve = Callable[[str], ModuleType]


@pytest.fixture
def evolve(tmp_path: Path) -> Evolve:
    """Makes the next package of one program."""
    return lambda schema: package(tmp_path, schema, f"evolution_{next(_numbers)}")


def fill(made: Any, place: Place, count: int = 3) -> list[str]:
    """Documents 0, 1, 2 …"""
    with made.server.connect(place.url) as db:
        users = [made.UserNew(name=f"user {n}", age=n % 7) for n in range(count)]
        ids: list[str] = db.insert_many(users)
        return ids


def ages(db: Any, query: Any) -> list[float]:
    return [user.age for user in db.run(query)]


def test_connecting_again_writes_nothing(evolve: Evolve, place: Place) -> None:
    made = evolve(USERS)
    fill(made, place)
    before = place.trace()
    for _ in range(3):
        with made.server.connect(place.url) as db:
            assert len(db.run(made.users.full_scan())) == 3
    assert place.trace() == before


def test_descriptions_and_class_names_are_no_change(
    evolve: Evolve, place: Place
) -> None:
    fill(evolve(USERS), place)
    before = place.trace()
    described = USERS.replace(
        "  users:\n", "  users:\n    description: All of them.\n    model: Person\n"
    )
    made = evolve(described)
    with made.server.connect(place.url) as db:
        assert [person.name for person in db.run(made.users.by_age(2))] == ["user 2"]
    assert place.trace() == before


def test_a_database_that_is_opened_again_keeps_its_indexes(
    evolve: Evolve, place: Place
) -> None:
    """Whatever the order of the indexes' names is."""
    made = evolve(USERS.replace("by_age", "a_first"))
    for number in range(3):
        with made.server.connect(place.url) as db:
            id = db.insert(made.UserNew(name=f"user {number}", age=number))
            db.patch(id, made.UserPatch(team="red"))
            assert [u.id for u in db.run(made.users.by_name(f"user {number}"))] == [id]
            assert [u.id for u in db.run(made.users.a_first(number))] == [id]
    assert place.check(made) == 3


def test_a_new_index_has_the_documents_that_are_there(
    evolve: Evolve, place: Place
) -> None:
    fill(evolve(USERS), place, 2500)
    made = evolve(f"{USERS}      by_team: [team, age]\n")
    with made.server.connect(place.url) as db:
        assert len(db.run(made.users.by_team())) == 2500
        db.insert(made.UserNew(name="new", age=100, team="red"))
        assert ages(db, made.users.by_team("red")) == [100]
    assert place.check(made) == 2501


def test_a_changed_index_is_made_anew(evolve: Evolve, place: Place) -> None:
    fill(evolve(USERS), place)
    for fields, bound in (("age, name", 2), ("name, age", "user 2"), ("team", ABSENT)):
        made = evolve(USERS.replace("by_name: [name]", f"by_name: [{fields}]"))
        with made.server.connect(place.url) as db:
            found = [0, 1, 2] if bound is ABSENT else [2]
            assert ages(db, made.users.by_name(bound)) == found
            assert ages(db, made.users.by_age(1)) == [1]
            assert "by_name" in db.explain(made.users.by_name(bound))
        assert place.check(made) == 3
    assert len(place.indexes("users")) == 2


def test_two_indexes_that_change_places(evolve: Evolve, place: Place) -> None:
    fill(evolve(USERS), place)
    made = evolve(
        USERS.replace("by_name: [name]", "by_name: [age]").replace(
            "by_age: [age]", "by_age: [name]"
        )
    )
    with made.server.connect(place.url) as db:
        assert ages(db, made.users.by_name(1)) == [1]
        assert ages(db, made.users.by_age("user 2")) == [2]
    assert place.check(made) == 3


def test_an_index_that_is_no_more_is_dropped(evolve: Evolve, place: Place) -> None:
    fill(evolve(USERS), place)
    made = evolve(USERS.replace("      by_age: [age]\n", ""))
    made.server.connect(place.url).close()
    assert place.indexes("users") == {"users.by_name"}
    assert "by_age" not in place.columns("users")
    assert place.check(made) == 3


def test_a_new_table(evolve: Evolve, place: Place) -> None:
    ids = fill(evolve(USERS), place)
    made = evolve(
        f"{USERS}  aTeams:\n    fields: {{lead: 'Id[users]'}}\n"
        "    indexes: {by_lead: [lead]}\n"
    )
    with made.server.connect(place.url) as db:
        lead = made.UserId(ids[0])
        team = db.insert(made.ATeamNew(lead=lead))
        assert [found.id for found in db.run(made.a_teams.by_lead(lead))] == [team]
        assert db.get(lead).name == "user 0"
    assert place.check(made) == 4


def test_a_table_that_is_removed_and_comes_back(evolve: Evolve, place: Place) -> None:
    teams = f"{USERS}  teams:\n    fields: {{title: str}}\n"
    both = evolve(teams)
    ids = fill(both, place)
    with both.server.connect(place.url) as db:
        team = db.insert(both.TeamNew(title="red"))
    fill(evolve(USERS), place)
    changed = evolve(teams.replace("title: str", "title: str, size?: float"))
    with changed.server.connect(place.url) as db:
        assert db.get(changed.TeamId(str(team))).title == "red"
        assert db.get(changed.UserId(str(ids[0]))).name == "user 0"
        other = db.insert(changed.TeamNew(title="blue", size=2))
        assert str(other)[:2] == str(team)[:2]
    assert place.check(changed) == 8


def test_a_table_that_comes_back_with_another_type(
    evolve: Evolve, place: Place
) -> None:
    teams = f"{USERS}  teams:\n    fields: {{title: str}}\n"
    both = evolve(teams)
    with both.server.connect(place.url) as db:
        team = db.insert(both.TeamNew(title="red"))
    evolve(USERS).server.connect(place.url).close()
    changed = evolve(teams.replace("title: str", "title: float"))
    before = place.dump()
    with pytest.raises(SchemaMismatch) as refused:
        changed.server.connect(place.url)
    assert refused.value.table == "teams" and refused.value.ids == (team,)
    assert place.dump() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("age: float", "age: str"),
        ("age: float", "age: float\n      email: str"),
        ("      age: float\n", ""),
        ("name: str", 'name: Literal["user 0"]'),
        ("name: str", "name: Id[users]"),
    ],
)
def test_documents_that_do_not_fit(
    evolve: Evolve, place: Place, old: str, new: str
) -> None:
    first = evolve(USERS)
    ids = fill(first, place, 50)
    schema = USERS.replace(old, new).replace("by_age: [age]", "by_age: [team]")
    changed = evolve(f"{schema}  more:\n    fields: {{x: str}}\n")
    before = place.dump()
    with pytest.raises(SchemaMismatch) as refused:
        changed.server.connect(place.url)
    fault = refused.value
    assert fault.table == "users"
    assert fault.ids and set(fault.ids) <= set(ids)
    assert fault.count == (49 if "Literal" in new else 50)
    assert place.dump() == before
    # The program as it was goes on.
    fill(first, place)
    assert place.check(first) == 53


def test_a_table_without_documents_may_become_anything(
    evolve: Evolve, place: Place
) -> None:
    evolve(USERS).server.connect(place.url).close()
    made = evolve(USERS.replace("age: float", "age: str\n      born: float"))
    with made.server.connect(place.url) as db:
        db.insert(made.UserNew(name="a", age="old", born=1))
    assert place.check(made) == 1


WRONG = ("users", '"name":"user 1"', '"name":1')


def test_wider_types_need_no_look_at_the_documents(
    evolve: Evolve, place: Place
) -> None:
    """An edit by hand shows it: only who reads the document meets it."""
    ids = fill(evolve(USERS), place)
    place.edit(*WRONG)
    wider = evolve(
        USERS.replace("age: float", "age: float | str\n      more?: Any").replace(
            "team?: str", "team?: str | None"
        )
    )
    with wider.server.connect(place.url) as db:
        assert db.get(wider.UserId(ids[0])).name == "user 0"
        with pytest.raises(SchemaMismatch):
            db.get(wider.UserId(ids[1]))


def test_narrower_types_are_checked(evolve: Evolve, place: Place) -> None:
    ids = fill(evolve(USERS), place)
    place.edit(*WRONG)
    narrower = evolve(USERS.replace("      team?: str\n", ""))
    with pytest.raises(SchemaMismatch) as refused:
        narrower.server.connect(place.url)
    assert refused.value.ids == (ids[1],)


def test_an_index_becomes_unique(evolve: Evolve, place: Place) -> None:
    fill(evolve(USERS), place, 7)
    made = evolve(
        USERS.replace("by_age: [age]", "by_age: {fields: [age], unique: true}")
    )
    with made.server.connect(place.url) as db:
        with pytest.raises(UniqueViolation):
            db.insert(made.UserNew(name="a", age=3))
        db.insert(made.UserNew(name="a", age=8))
    assert place.check(made) == 8


@pytest.mark.parametrize("name", ["by_age", "new_one"])
def test_a_unique_index_over_equal_values(
    evolve: Evolve, place: Place, name: str
) -> None:
    ids = fill(evolve(USERS), place, 9)
    unique = f"{name}: {{fields: [age], unique: true}}"
    schema = USERS.replace("by_age: [age]", unique)
    made = evolve(schema)
    before = place.dump()
    with pytest.raises(SchemaMismatch) as refused:
        made.server.connect(place.url)
    # One of each pair is named: the second in the order of rows.
    assert refused.value.table == "users" and len(refused.value.ids) == 2
    for pair in ({ids[0], ids[7]}, {ids[1], ids[8]}):
        assert len(pair.intersection(refused.value.ids)) == 1
    assert name in str(refused.value)
    assert place.dump() == before


def test_a_unique_index_over_absent_values(evolve: Evolve, place: Place) -> None:
    first = evolve(USERS)
    fill(first, place)
    with first.server.connect(place.url) as db:
        db.insert(first.UserNew(name="a", age=1, team="red"))
    made = evolve(f"{USERS}      by_team: {{fields: [team], unique: true}}\n")
    with made.server.connect(place.url) as db:
        db.insert(made.UserNew(name="b", age=1))
        with pytest.raises(UniqueViolation):
            db.insert(made.UserNew(name="b", age=1, team="red"))
    assert place.check(made) == 5


def test_a_unique_index_that_is_so_no_more(evolve: Evolve, place: Place) -> None:
    unique = USERS.replace("by_age: [age]", "by_age: {fields: [age], unique: true}")
    fill(evolve(unique), place)
    made = evolve(USERS)
    with made.server.connect(place.url) as db:
        db.insert(made.UserNew(name="again", age=1))
        assert ages(db, made.users.by_age(1)) == [1, 1]
    assert place.check(made) == 4


def test_a_staged_index_is_ready_when_it_is_no_longer_staged(
    evolve: Evolve, place: Place
) -> None:
    staged = evolve(f"{USERS}      by_team: {{fields: [team], staged: true}}\n")
    fill(staged, place)
    with staged.server.connect(place.url) as db:
        db.insert(staged.UserNew(name="a", age=5, team="red"))
    made = evolve(f"{USERS}      by_team: [team]\n")
    with made.server.connect(place.url) as db:
        assert ages(db, made.users.by_team("red")) == [5]
    assert place.check(made) == 4


CASES = """\
tables:
  Users:
    model: Upper
    fields: {a: str, b?: float}
    indexes: {by_a: [a], by_A: [b], BY_A: [a, b], by_creation_Time: [b, a]}
  users:
    model: Lower
    fields: {a: str, b?: float}
    indexes: {by_A: [a], by_a_2: [b], by_a: [a, b]}
  users_2:
    model: Second
    fields: {a: str}
"""


def test_names_that_differ_only_in_case(evolve: Evolve, place: Place) -> None:
    made: Any = evolve(CASES)
    for number in range(3):
        with made.server.connect(place.url) as db:
            upper = db.insert(made.UpperNew(a=f"upper {number}", b=number))
            lower = db.insert(made.LowerNew(a=f"lower {number}"))
            second = db.insert(made.SecondNew(a=f"second {number}"))
            found = [db.get(id).a for id in (upper, lower, second)]
            assert found == [
                f"{name} {number}" for name in ("upper", "lower", "second")
            ]
    assert place.check(made) == 9
    # One that is new beside a known one takes none of its columns.
    more = evolve(CASES.replace("{by_A: [a], ", "{By_a: [b, a], by_A: [a], "))
    more.server.connect(place.url).close()
    assert place.check(more) == 9


@pytest.mark.parametrize(
    "name",
    ["rowid", "oid", "select", "order", "by_id2", "sqlite_x", "sqlite_autoindex_a_1"],
)
def test_names_that_mean_something_to_sqlite(
    evolve: Evolve, place: Place, name: str
) -> None:
    fill(evolve(USERS), place, 1200)
    table = f"  {name}:\n    model: Odd\n    fields: {{age: float}}\n"
    schema = (
        f"{USERS}      {name}: [team, age]\n{table}    indexes: {{{name}: [age]}}\n"
    )
    made: Any = evolve(schema)
    with made.server.connect(place.url) as db:
        db.insert(made.OddNew(age=1))
        assert len(db.run(getattr(made.users, name)())) == 1200
    assert place.check(made) == 1201
    # The documents are looked through once more.
    again = evolve(schema.replace("by_age: [age]", "by_age: [age, name]"))
    again.server.connect(place.url).close()
    assert place.check(again) == 1201


def test_tables_with_sqlites_prefix_in_two_cases(evolve: Evolve, place: Place) -> None:
    made: Any = evolve("""\
tables:
  sqlite_x:
    model: Lower
    fields: {a: str}
  SQLITE_X:
    model: Upper
    fields: {a: str}
""")
    with made.server.connect(place.url) as db:
        ids = [db.insert(made.LowerNew(a="l")), db.insert(made.UpperNew(a="u"))]
        assert [db.get(id).a for id in ids] == ["l", "u"]
    assert place.check(made) == 2


def test_an_earlier_schema_is_refused_unless_wanted(
    evolve: Evolve, place: Place
) -> None:
    a, b = evolve(USERS), evolve(USERS.replace("team?: str", "team?: str | None"))
    fill(a, place)
    fill(b, place)
    before = place.trace(), place.dump()
    with pytest.raises(NewerSchema, match="older_schema"):
        a.server.connect(place.url)
    assert (place.trace(), place.dump()) == before
    a.server.connect(place.url, older_schema=True).close()
    fill(a, place)
    with pytest.raises(NewerSchema):
        b.server.connect(place.url)
    b.server.connect(place.url, older_schema=True).close()
    assert place.check(b) == 9


def test_an_earlier_schema_that_documents_do_not_fit_any_more(
    evolve: Evolve, place: Place
) -> None:
    a, b = evolve(USERS), evolve(USERS.replace("team?: str", "team?: str | None"))
    fill(a, place)
    with b.server.connect(place.url) as db:
        id = db.insert(b.UserNew(name="b", age=1, team=None))
    before = place.dump()
    with pytest.raises(SchemaMismatch) as refused:
        a.server.connect(place.url, older_schema=True)
    assert refused.value.ids == (id,)
    assert place.dump() == before


def test_the_flag_changes_nothing_else(evolve: Evolve, place: Place) -> None:
    made = evolve(USERS)
    made.server.connect(place.url, older_schema=True).close()
    before = place.trace()
    made.server.connect(place.url, older_schema=True).close()
    assert place.trace() == before


def test_a_program_with_an_old_package_reads_no_wrong_index(
    evolve: Evolve, place: Place
) -> None:
    """The index was made anew twice, for other fields: the old program can't use it."""
    old: Any = evolve(USERS)
    fill(old, place)
    with old.server.connect(place.url) as db:
        assert ages(db, old.users.by_age(1)) == [1]
        for fields in ("name, age", "team"):
            newer = evolve(USERS.replace("by_age: [age]", f"by_age: [{fields}]"))
            newer.server.connect(place.url).close()
            with pytest.raises(SchemaChanged):
                db.run(old.users.by_age(1))
