"""Types for schemas: each place of the source becomes what its keywords say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from codegen.ir.model import NamedType
from codegen.ir.types import (
    ANY,
    BIGINT,
    BOOLEAN,
    NEVER,
    NULL,
    NUMBER,
    Array,
    Constrained,
    Constraint,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)

from ..losses import AS_ID, EXCLUSIVE, JOINT, KEYWORD, RECURSIVE
from ..places import Json, Place
from .conjunction import (
    Choice,
    Circular,
    Conjunction,
    Part,
    add,
    gather,
    only_reference,
)
from .contradictions import Contradictions
from .enumerations import keeps, kind_of, listed, literals
from .kinds_of_values import agreed_kinds
from .malformed import Malformed
from .objects import ObjectShapes
from .scalars import constrained, is_whole, lengths, number_bounds, text_type
from .sources import Sources
from .type_names import TypeNames, described
from .unions import are_disjoint, may_join, union_of

MAX_WORK: Final = 300_000
"""So many schemas are looked at, once for each use; those that hold together count more."""
MAX_ARMS: Final = 64
"""So many combinations of the arms of several unions are written out."""

Places = tuple[Place, ...]


class TooLarge(Exception):
    """The source is too large once it is written out."""


@dataclass
class Shapes:
    """`cycles` is what a type that contains itself becomes: an `error`, or `any`."""

    sources: Sources
    names: TypeNames
    cycles: str = "error"
    integers: Scalar = BIGINT
    types: dict[str, NamedType] = field(default_factory=dict[str, NamedType])
    tables: Mapping[Place, str] = field(default_factory=dict[Place, str])
    """The tables whose ids stand for the documents that others refer to."""
    _known: dict[Places, Type] = field(default_factory=dict[Places, Type])
    _open: set[Places] = field(default_factory=set[Places])
    _work: int = 0

    def __post_init__(self) -> None:
        self.losses = self.sources.losses
        self.malformed = Malformed(self.sources)
        self.contradictions = Contradictions(self.sources)
        self.objects = ObjectShapes(self.sources, self.type_of, self.contradictions)

    def type_of(self, places: Places) -> Type:
        """The type of the values that the schemas at all of the places take."""
        if not places:
            return ANY
        if len(places) == 1:
            reference = only_reference(self.sources, places[0])
            if reference is not None:
                target = self.sources.reference(reference)
                return ANY if target is None else self.named(target, reference)
        known = self._known.get(places)
        if known is not None:
            return known
        if places in self._open:
            return self._circle(places[0], places[0])
        self._open.add(places)
        try:
            made = self._made(places)
        finally:
            self._open.discard(places)
        self._known[places] = made
        return made

    def named(self, target: Place, by: Place) -> Type:
        """The type of a schema that others refer to; `by` is one that does."""
        if target in self.tables:
            self.losses.count(AS_ID, by, "$ref")
            return Id(self.tables[target])
        reference = only_reference(self.sources, target)
        if reference is not None:
            further = self.sources.reference(reference)
            if further is None:
                return ANY
            if further == target:
                return self._circle(target, by)
            if (target,) in self._open:
                return self._circle(target, by)
            self._open.add((target,))
            try:
                return self.named(further, reference)
            finally:
                self._open.discard((target,))
        if (target,) in self._open:
            return self._circle(target, by)
        made = self.type_of((target,))
        text = described(self.sources.schema(target))
        is_bare = isinstance(made, Scalar) and not text
        if is_bare or isinstance(made, (Named, Id)) or made == NEVER:
            return made
        name = self.names.of(target)
        if name not in self.types:
            self.types[name] = NamedType(name, made, text)
        return Named(name)

    def _circle(self, target: Place, by: Place) -> Type:
        """What stands where a type would have to contain itself."""
        name = self.names.of(target)
        keyword = "$ref"
        if self.cycles == "error":
            message = (
                f"`{name}` contains itself here, which the schema language refuses"
            )
            hint = "--cycles any writes `Any` there"
            self.losses.failed("E804", by, message, keyword, hint)
            return ANY
        message = f"`{name}` contains itself here: any value is taken"
        self.losses.lost(RECURSIVE, by, message, keyword)
        own = self.names.any_for(target)
        text = f"{name}, which contains itself"
        self.types.setdefault(own, NamedType(own, ANY, text))
        return Named(own)

    def _made(self, places: Places) -> Type:
        try:
            found = gather(self.sources, places)
        except Circular as circular:
            return self._circle(places[0], circular.place)
        if len(places) == 1 and self.sources.is_nullable(places[0]):
            return union_of((self._besides_null(places[0], found), NULL))
        return self.build(found)

    def _besides_null(self, place: Place, found: Conjunction) -> Type:
        """The type of what is not null; a name, if it is one by reference."""
        reference = only_reference(self.sources, place, or_null=True)
        if reference is None:
            return self.build(found)
        target = self.sources.reference(reference)
        return ANY if target is None else self.named(target, reference)

    def build(self, found: Conjunction) -> Type:
        """The type of what keeps to all parts and to one arm of each choice."""
        self._work += 1 + len(found.parts) ** 2 // 8
        if self._work > MAX_WORK:
            raise TooLarge
        for part in found.parts:
            self.malformed.check(part.place)
        if found.is_never:
            return NEVER
        if not found.choices:
            return self._plain(found.parts)
        if len(found.choices) > 1:
            found = self._within_bounds(found)
        choice, *rest = found.choices
        around = Conjunction(found.parts, rest)
        arms = [self._arm(around, choice, place) for place in choice.arms]
        if choice.keyword == "oneOf":
            self._check_exclusive(choice, arms)
        else:
            self._check_joint(choice, arms)
        return union_of(arms)

    def _arm(self, around: Conjunction, choice: Choice, place: Place) -> Type:
        """One arm of a choice; a name stays one where nothing around it says more."""
        if not around.choices:
            alone = self._alone(around.parts, place)
            if alone is not None:
                return alone
        found = around.copy()
        try:
            add(self.sources, found, place, choice.way)
        except Circular as circular:
            return self._circle(place, circular.place)
        return self.build(found)

    def _alone(self, parts: list[Part], place: Place) -> Type | None:
        """The type of an arm as it is, if no part around it narrows it."""
        narrowing = [p for p in parts if self.objects.narrows(p)]
        if narrowing:
            return None
        kinds = agreed_kinds(parts, self.losses)
        if kinds is not None and not self._says_kind(place):
            return None
        self.objects.report_conditions(parts)
        made = self.type_of((place,))
        if kinds is None:
            return made
        return made if _kinds(made, self.types) <= _wide(kinds) else None

    def _says_kind(self, place: Place) -> bool:
        """Whether a schema says of which types its values are, without what is around it."""
        try:
            found = gather(self.sources, (place,))
        except Circular:
            return False
        return agreed_kinds(found.parts, None) is not None

    def _within_bounds(self, found: Conjunction) -> Conjunction:
        """Without the choices that would make too many combinations; they are reported."""
        count, kept = 1, list[Choice]()
        for choice in found.choices:
            count *= len(choice.arms)
            if kept and count > MAX_ARMS:
                message = f"`{choice.keyword}` is not checked: too many combinations"
                self.losses.lost(KEYWORD, choice.place, message, choice.keyword)
                count //= len(choice.arms)
            else:
                kept.append(choice)
        return Conjunction(found.parts, kept)

    def _check_exclusive(self, choice: Choice, arms: list[Type]) -> None:
        if not all(are_disjoint(a, b, self.types) for a, b in combinations(arms, 2)):
            message = (
                "a value that several arms of `oneOf` take is taken here, not refused"
            )
            self.losses.lost(EXCLUSIVE, choice.place, message, "oneOf")

    def _check_joint(self, choice: Choice, arms: list[Type]) -> None:
        """Says it where the source takes what has the fields of several arms."""
        pairs = combinations(zip(choice.arms, arms, strict=True), 2)
        if any(
            may_join(one, other, self.types)
            and self.objects.takes_others(place)
            and self.objects.takes_others(second)
            for (place, one), (second, other) in pairs
        ):
            message = (
                "a value with the fields of several arms of `anyOf` is refused here"
            )
            self.losses.lost(JOINT, choice.place, message, "anyOf")

    def _plain(self, parts: list[Part]) -> Type:
        """The type of what keeps to parts without choices."""
        kinds = agreed_kinds(parts, self.losses)
        enumeration = listed(parts)
        self.objects.report_conditions(parts)
        if enumeration is not None:
            self.contradictions.say_misfits(parts)
            values, place, keyword = enumeration
            allowed = _wide(kinds) if kinds is not None else {"integer", "number"}
            left = [
                value
                for value in values
                if (kinds is None or kind_of(value) in allowed)
                and all(keeps(value, part) for part in parts)
            ]
            if self.integers == NUMBER or (kinds is not None and "number" in kinds):
                allowed = allowed - {"integer"}
            return literals(left, allowed, place, keyword, self.losses)
        if kinds is None:
            kinds = self.objects.assumed_kinds(parts)
        if kinds is None:
            return ANY
        return union_of(self._of_kind(kind, parts) for kind in kinds)

    def _of_kind(self, kind: str, parts: list[Part]) -> Type:
        if kind == "string":
            return text_type(parts, self.losses)
        if kind in ("number", "integer"):
            whole = is_whole(parts, self.losses) or kind == "integer"
            inner = self.integers if whole else NUMBER
            return number_bounds(parts).applied(inner, whole)
        if kind == "array":
            return self._array(parts)
        if kind == "object":
            return self.objects.type_of(parts)
        return {"boolean": BOOLEAN, "null": NULL}[kind]

    def _array(self, parts: list[Part]) -> Type:
        found = lengths(parts, "Items")
        if found is None:
            return NEVER
        items: list[Place] = []
        several: list[Places] = []
        for part in parts:
            self.objects.report(part, ("uniqueItems",), lambda value: value is True)
            self.objects.report(part, ("contains", "unevaluatedItems"))
            several += self._tuple(part, found)
            if isinstance(part.schema.get("items"), (dict, bool)):
                items.append(part.place.inside("items"))
        if several and not items:
            element = union_of(self.type_of(places) for places in several)
        else:
            element = self.type_of(tuple(dict.fromkeys(items))) if items else ANY
            if several:
                element = union_of([element, *(self.type_of(p) for p in several if p)])
        if element == NEVER:
            if items:
                self.contradictions.say(items, "the list can only be empty")
            if any(c.kind == "minLength" for c in found):
                return NEVER
            return constrained(Array(ANY), [Constraint("maxLength", 0)])
        return constrained(Array(element), found)

    def _tuple(self, part: Part, found: list[Constraint]) -> list[Places]:
        """What the items by position may be, if a part says that; `()` is anything."""
        keyword = "prefixItems" if "prefixItems" in part.schema else "items"
        listed_items = part.schema.get(keyword)
        if not isinstance(listed_items, list):
            return []
        message = f"`{keyword}` gives each position a type; here every item may have any of them"
        self.losses.lost(KEYWORD, part.place, message, keyword)
        places: list[Places] = [
            (part.place.inside(keyword, i),) for i, _ in enumerate(listed_items)
        ]
        further = "items" if keyword == "prefixItems" else "additionalItems"
        rest: Json = part.schema.get(further, True)
        if rest is False:
            if not any(c.kind == "maxLength" for c in found):
                found.append(Constraint("maxLength", len(listed_items)))
        elif isinstance(rest, dict):
            if further == "additionalItems":
                places.append((part.place.inside(further),))
        elif not any(
            c.kind == "maxLength" and float(c.value) <= len(listed_items) for c in found
        ):
            places.append(())
        return places


def _wide(kinds: list[str]) -> set[str]:
    """The kinds, with the integers that numbers are."""
    return {*kinds} | ({"integer"} if "number" in kinds else set())


def _kinds(node: Type, types: dict[str, NamedType]) -> set[str]:
    """The JSON types of a type's values; `any` where that is open."""
    if isinstance(node, Named):
        named = types.get(node.name)
        return _kinds(named.type, types) if named else {"any"}
    if isinstance(node, Union):
        return {kind for arm in node.arms for kind in _kinds(arm, types)}
    if isinstance(node, Constrained):
        return _kinds(node.inner, types)
    if isinstance(node, (Object, Record)):
        return {"object"}
    if isinstance(node, Array):
        return {"array"}
    if isinstance(node, (Scalar, Literal)):
        return {_OF_SCALAR.get(node.kind, node.kind)}
    return {"any"}


_OF_SCALAR: Final = {"bigint": "integer", "commitTs": "any", "bytes": "any"}
