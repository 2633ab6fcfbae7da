"""Names and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .syntax import Node, Source
from .values import Origin, Unknown, Unreadable, Value, known


class Binding:
    """What a name stands for; found out when it is asked for, and once."""

    __slots__ = ("_compute", "_value", "constant", "origin")

    def __init__(
        self,
        value: Value | None = None,
        compute: Callable[[], Value] | None = None,
        *,
        origin: Origin | None = None,
        constant: bool = True,
    ) -> None:
        self._value: Value = value
        self._compute = compute
        self.origin = origin
        self.constant = constant

    def get(self) -> Value:
        """The value; raises `Unreadable` where it can't be told."""
        compute = self._compute
        if compute is not None:
            self._compute = None
            # Until it is found out: a value that needs itself can't be.
            self._value = self._in_need_of_itself()
            try:
                self._value = compute()
            except Unreadable as error:
                self._value = Unknown(error)
        return known(self._value)

    def peek(self) -> Value:
        """The value if it was found out already, without checks; else an `Unknown` or None."""
        return self._value

    def set(self, value: Value) -> None:
        """Assigns a value."""
        self._compute = None
        self._value = value

    def resolve(self) -> Binding:
        """The binding that this one is in the end, where it is another module's."""
        return self

    def _in_need_of_itself(self) -> Value:
        if self.origin is None:
            return None
        message = "a value that is needed to find out itself"
        return Unknown(Unreadable(message, self.origin))


class Declared(Binding):
    """A variable of a module; it has no value before its declaration runs."""

    __slots__ = ("_is_reached", "place")

    def __init__(
        self,
        compute: Callable[[], Value],
        origin: Origin,
        *,
        constant: bool,
        is_reached: bool,
    ) -> None:
        super().__init__(compute=compute, origin=origin, constant=constant)
        self._is_reached = is_reached
        self.place = origin

    def reach(self) -> None:
        """Runs the declaration."""
        self._is_reached = True
        self.get()

    def get(self) -> Value:
        if not self._is_reached:
            message = "a variable that is used before it is declared"
            raise Unreadable(message, self.place)
        return super().get()


class Alias(Binding):
    """A name that stands for an export of another module."""

    __slots__ = ("_find", "_found", "_is_followed")

    def __init__(self, find: Callable[[], Binding], origin: Origin) -> None:
        super().__init__(origin=origin)
        self._find = find
        self._found: Binding | None = None
        self._is_followed = False

    def resolve(self) -> Binding:
        if self._found is None:
            self._found = self._follow()
        return self._found

    def _follow(self) -> Binding:
        if self._is_followed:
            assert self.origin is not None
            raise Unreadable("an export that leads back to itself", self.origin)
        self._is_followed = True
        try:
            return self._find().resolve()
        finally:
            self._is_followed = False

    def get(self) -> Value:
        return self.resolve().get()

    def peek(self) -> Value:
        try:
            return self.resolve().peek()
        except Unreadable as error:
            return Unknown(error)


@dataclass(slots=True, eq=False)
class Scope:
    """Names in a file, and around them those of the block, function or module outside."""

    source: Source
    parent: Scope | None = None
    names: dict[str, Binding] = field(default_factory=dict[str, Binding])

    def inner(self) -> Scope:
        """A scope inside this one."""
        return Scope(self.source, self)

    def origin(self, node: Node) -> Origin:
        """A place in the file of this scope."""
        return Origin(self.source, node)

    def find(self, name: str) -> Binding | None:
        """The nearest binding of a name."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope.names.get(name)
            if binding is not None:
                return binding
            scope = scope.parent
        return None

    def define(self, name: str, value: Value, *, constant: bool = True) -> None:
        """Makes a name of this scope stand for a value."""
        self.names[name] = Binding(value, constant=constant)
