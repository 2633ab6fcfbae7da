"""Random programs of two writers: each query that is followed ends with what it gives when run."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.runtime import between, gt, lt
from tests.engines.live.following import Following

SCHEMA = """
tables:
  items:
    fields: {name: str, n: float, extra?: Any}
    indexes:
      by_n: [n]
      by_extra: [extra, n]
      by_name: {fields: [name], unique: true}
"""

numbers = st.integers(0, 9).map(float)
extras = st.sampled_from([None, 0.0, -0.0, 1.0, True, "a", "a\0", b"\xff", [1.0], {}])
steps = st.one_of(
    st.tuples(st.just("insert"), numbers, extras),
    st.tuples(st.just("many"), numbers, extras),
    st.tuples(st.just("patch"), st.integers(0, 99), numbers, extras),
    st.tuples(st.just("replace"), st.integers(0, 99), numbers, extras),
    st.tuples(st.just("delete"), st.integers(0, 99)),
    st.tuples(st.just("look")),
)
transactions = st.tuples(
    st.booleans(),  # by whom
    st.booleans(),  # whether it is kept
    st.lists(steps, min_size=1, max_size=4),
)


class _Undo(Exception):
    pass


class Program:
    """The documents that there are, and what is followed of them."""

    def __init__(self, models: ModuleType, db: Any, writer: Any) -> None:
        self.models = models
        self.by_whom = (db, writer)
        self.count = 0
        items = models.items
        self.followed = [
            Following(db, query)
            for query in (
                items.full_scan(),
                items.by_n(between(3, 5)),
                items.by_n(lt(4)).order("desc").take(2),
                items.by_n(gt(2)).filter(lambda item: item.n % 2 == 0).first(),
                items.by_extra(None),
                items.by_extra(0.0),
                items.by_extra().order("desc").paginate(3),
                items.by_creation_time().order("desc").take(1),
                items.by_name("name 3").unique(),
            )
        ]

    def run(self, writer: Any, step: tuple[Any, ...]) -> None:
        kind, *given = step
        models = self.models
        if kind == "insert":
            writer.insert(self.new(*given))
        elif kind == "many":
            writer.insert_many([self.new(*given) for _ in range(3)])
        elif kind != "look":
            present = writer.run(models.items.full_scan())
            if not present:
                return
            id = present[given[0] % len(present)].id
            if kind == "patch":
                writer.patch(id, models.ItemPatch(n=given[1], extra=given[2]))
            elif kind == "replace":
                writer.replace(id, self.new(*given[1:]))
            elif kind == "delete":
                writer.delete(id)

    def catch_up(self, writer: Any) -> None:
        for one in self.followed:
            one.catch_up(writer)

    def new(self, n: float, extra: Any) -> Any:
        self.count += 1
        return self.models.ItemNew(name=f"name {self.count}", n=n, extra=extra)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(program=st.lists(transactions, min_size=1, max_size=8))
def test_all_end_with_the_present(
    models: ModuleType, db: Any, writer: Any, program: list[Any]
) -> None:
    for item in writer.run(models.items.full_scan()):
        writer.delete(item.id)
    running = Program(models, db, writer)
    for whom, kept, parts in program:
        writer = running.by_whom[whom]
        try:
            with writer.transaction():
                for step in parts:
                    running.run(writer, step)
                if not kept:
                    raise _Undo
        except _Undo:
            pass
        if ("look",) in parts:
            running.catch_up(writer)
    running.catch_up(writer)
    for one in running.followed:
        one.live.close()
