"""Modules: their names, what they import and what they export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from .classes import class_of
from .declared import declared
from .enums import members_of_enum
from .evaluate import Evaluator
from .exports import Exports, Importing, Namespace
from .mistakes import first_mistake
from .names import near
from .order import Linking, in_order, specifiers
from .patterns import bind, declared_in, variables_in
from .scopes import Alias, Binding, Declared, Scope
from .spoiling import spoil
from .statements import NO_CODE, hoist, run
from .syntax import Node, Source, children, text_of
from .tables import TableDefinition
from .validators import Constant, Validator
from .values import (
    UNDEFINED,
    NotTypeScript,
    Origin,
    Refused,
    Unknown,
    Unreadable,
    Value,
)

_DECLARATIONS: Final = ("lexical_declaration", "variable_declaration")
_STEPS_OF_STAR: Final = 20
_NAMESPACES: Final = ("internal_module", "module")
_FUNCTIONS: Final = ("function_declaration", "generator_function_declaration")


@dataclass(eq=False)
class Module:
    """A module in TypeScript."""

    source: Source
    evaluator: Evaluator
    importing: Importing
    linking: Linking
    scope: Scope
    exports: dict[str, Binding] = field(default_factory=dict[str, Binding])
    _stars: list[tuple[str, Origin]] = field(default_factory=list[tuple[str, Origin]])
    _steps: list[Declared | Node] = field(default_factory=list["Declared | Node"])
    """What happens when it runs."""
    _listed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """The exports that are written as a list, and the names that they stand for."""
    is_started: bool = False

    def __post_init__(self) -> None:
        mistake = first_mistake(self.source)
        for statement in children(self.source.root):
            self._link(statement)
        for step in self._steps:
            for name in variables_in(step) if isinstance(step, Node) else ():
                if name not in self.scope.names:
                    self.scope.define(name, UNDEFINED, constant=False)
        for alias in [a for a, name in self._listed if name not in self.scope.names]:
            # The name of a type.
            del self.exports[alias]
        self.error: NotTypeScript | None = None
        if mistake is not None:
            place = Origin(self.source, mistake.node)
            self.error = NotTypeScript(mistake.message, place, mistake.hint)

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        """The names of its exports; `above` are modules that ask for theirs through this one."""
        yield from self.exports
        stars = [
            module.names((*above, self))
            for module, _ in self._starred()
            if module not in above
        ]
        found = Counter(name for names in stars for name in set(names))
        for name, count in found.items():
            hidden = name == "default" or name in self.exports
            if not hidden and (count == 1 or self._is_clear(name)):
                yield name

    def get(self, name: str, origin: Origin) -> Value:
        """An export; raises `Unreadable`."""
        return self.binding(name, origin).get()

    def binding(self, name: str, origin: Origin) -> Binding:
        if self.error:
            raise self.error
        self._start()
        if name in self.exports:
            return self.exports[name]
        if name != "default":
            found = self._star_bindings(name)
            if len(found) == 1:
                return found.pop()
        message = f"{self.source.path} does not export `{name}`"
        raise Refused(message, origin, near(name, set(self.names())))

    def _starred(self) -> Iterator[tuple[Exports, Origin]]:
        """The modules of which all is exported."""
        for specifier, origin in self._stars:
            self.evaluator.spend(_STEPS_OF_STAR, origin)
            yield self.importing(specifier, origin), origin

    def _star_bindings(self, name: str) -> set[Binding]:
        """What the modules of which all is exported call by a name; several leave it out."""
        return {
            module.binding(name, origin).resolve()
            for module, origin in self._starred()
            if name in set(module.names((self,)))
        }

    def _is_clear(self, name: str) -> bool:
        try:
            return len(self._star_bindings(name)) == 1
        except Unreadable:
            return True

    def imported(self) -> Iterator[Module]:
        """The modules of the project that run before this one."""
        for specifier in () if self.error else specifiers(self.source):
            module = self.linking(specifier)
            if module is not None:
                yield module

    def _start(self) -> None:
        """Runs the module, and before it those of the project that it imports."""
        if not self.is_started:
            for module in in_order(self):
                module._run()

    def _run(self) -> None:
        """Runs the statements; what packages declare is only read when it is asked for."""
        if self.source.is_package and not any(
            isinstance(step, Node) for step in self._steps
        ):
            return
        for step in self._steps:
            node = step if isinstance(step, Node) else step.place.node
            try:
                if isinstance(step, Node):
                    run(self.evaluator, step, self.scope)
                else:
                    step.reach()
            except Unreadable as error:
                spoil(node, self.scope, error)

    def _link(self, node: Node) -> None:
        """Makes known what a statement declares, imports or exports."""
        if node.type == "import_statement":
            self._import(node)
        elif node.type == "export_statement":
            self._export(node)
        elif not self._declare(node, node) and node.type not in NO_CODE:
            self._steps.append(node)

    def _bind(
        self,
        name: str,
        compute: Callable[[], Value],
        origin: Origin,
        *,
        constant: bool = True,
    ) -> Declared:
        """Declares a variable of the module."""
        is_reached = self.source.is_package
        binding = Declared(compute, origin, constant=constant, is_reached=is_reached)
        self._steps.append(binding)
        self.scope.names[name] = binding
        return binding

    def _declare(self, node: Node, statement: Node) -> list[str]:
        """Makes known what a declaration declares; `statement` is what its comment is above."""
        if node.type in _DECLARATIONS:
            constant = node.children[0].type == "const"
            return [
                name
                for declarator in children(node)
                for name in self._declare_variable(declarator, statement, constant)
            ]
        if node.type in _FUNCTIONS:
            return [hoist(node, self.scope)]
        named = node.child_by_field_name("name")
        if node.type in _NAMESPACES or named is None:
            return self._declare_namespace(node)
        name, origin = text_of(named), self.scope.origin(node)
        if node.type == "enum_declaration":
            again = name in self.scope.names
            self._bind(
                name,
                lambda: members_of_enum(self.evaluator, node, self.scope, again=again),
                origin,
            )
            return [name]
        if node.type.endswith("class_declaration"):
            self._bind(name, lambda: class_of(self.evaluator, node, self.scope), origin)
            return [name]
        return []

    def _declare_namespace(self, node: Node) -> list[str]:
        """Gives up the name of a namespace, which an enum or a function may have, too."""
        inner = children(node)[0] if node.type == "expression_statement" else node
        named = inner.child_by_field_name("name")
        if inner.type not in _NAMESPACES or named is None:
            return []
        error = Unreadable("a namespace", self.scope.origin(inner))
        self.scope.define(text_of(named), Unknown(error))
        return [text_of(named)]

    def _declare_variable(
        self, declarator: Node, statement: Node, constant: bool
    ) -> list[str]:
        pattern = declarator.child_by_field_name("name")
        initial = declarator.child_by_field_name("value")
        if pattern is None:
            return []
        origin = self.scope.origin(declarator)
        if pattern.type == "identifier":
            name = text_of(pattern)

            def value() -> Value:
                if initial is None:
                    return UNDEFINED
                try:
                    found = self.evaluator.evaluate(initial, self.scope)
                except Unreadable:
                    comment = declared(self.scope.origin(statement))
                    if comment is None:
                        raise
                    found = comment
                if constant and not self.source.is_package:
                    self._name(found, name, pattern, statement)
                return found

            self._bind(name, value, origin, constant=constant)
            return [name]
        if initial is None:
            return []
        parts = _Parts(self, pattern, initial, constant)
        names = [*declared_in(pattern)]
        for name in names:
            self._bind(name, parts.getter(name), origin, constant=constant)
        return names

    def _name(self, value: Value, name: str, place: Node, statement: Node) -> None:
        """Gives a validator or a table the name and the comment of its declaration."""
        if isinstance(value, Validator) and value.constant is None:
            value.constant = Constant(name, self.scope.origin(place))
            value.description = self.source.comments.before(statement)
        elif isinstance(value, TableDefinition) and not value.description:
            value.description = self.source.comments.before(statement)

    def _import(self, node: Node) -> None:
        if any(child.type == "type" for child in node.children):
            return
        source = node.child_by_field_name("source")
        clause = next((c for c in children(node) if c.type == "import_clause"), None)
        if source is None or clause is None:
            return
        specifier, origin = text_of(source)[1:-1], self.scope.origin(source)
        for child in children(clause):
            if child.type == "identifier":
                self._bind_import(text_of(child), specifier, "default", child)
            elif child.type == "namespace_import":
                name = text_of(children(child)[0])
                self.scope.names[name] = Binding(
                    compute=self._namespace(specifier, origin), origin=origin
                )
            else:
                for item in children(child):
                    if any(c.type == "type" for c in item.children):
                        continue
                    name, alias = _named(item)
                    self._bind_import(alias, specifier, name, item)

    def _bind_import(self, alias: str, specifier: str, name: str, node: Node) -> None:
        origin = self.scope.origin(node)
        self.scope.names[alias] = self._alias(specifier, name, origin)

    def _alias(self, specifier: str, name: str, origin: Origin) -> Alias:
        """An export of another module."""
        return Alias(
            lambda: self.importing(specifier, origin).binding(name, origin), origin
        )

    def _namespace(self, specifier: str, origin: Origin) -> Callable[[], Value]:
        return lambda: Namespace(self.importing(specifier, origin))

    def _export(self, node: Node) -> None:
        if any(child.type == "type" for child in node.children):
            return
        source = node.child_by_field_name("source")
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        is_default = any(child.type == "default" for child in node.children)
        if declaration is not None:
            for name in self._declare(declaration, node):
                self.exports["default" if is_default else name] = self.scope.names[name]
        elif value is not None:
            self.exports["default"] = self._bind(
                "default",
                lambda: self.evaluator.evaluate(value, self.scope),
                self.scope.origin(value),
            )
        elif source is not None:
            self._export_from(node, text_of(source)[1:-1], self.scope.origin(source))
        else:
            for item in _export_specifiers(node):
                name, alias = _named(item)
                self.exports[alias] = self._reexport(name, item)
                self._listed.append((alias, name))

    def _reexport(self, name: str, item: Node) -> Binding:
        """The binding of a name that is exported by `export { name }`, perhaps before it is declared."""
        origin = self.scope.origin(item)

        def find() -> Binding:
            binding = self.scope.names.get(name)
            if binding is None:
                raise Unreadable(f"`{name}` is not known", origin)
            return binding

        return Alias(find, origin)

    def _export_from(self, node: Node, specifier: str, origin: Origin) -> None:
        namespace = next(
            (c for c in children(node) if c.type == "namespace_export"), None
        )
        if namespace is not None:
            name = text_of(children(namespace)[0])
            compute = self._namespace(specifier, origin)
            self.exports[name] = Binding(compute=compute, origin=origin)
            return
        items = _export_specifiers(node)
        if not items and any(child.type == "*" for child in node.children):
            self._stars.append((specifier, origin))
        for item in items:
            name, alias = _named(item)
            place = self.scope.origin(item)
            self.exports[alias] = self._alias(specifier, name, place)


@dataclass
class _Parts:
    """The names of a pattern, found out together."""

    module: Module
    pattern: Node
    initial: Node
    constant: bool
    scope: Scope | None = None

    def getter(self, name: str) -> Callable[[], Value]:
        def value() -> Value:
            if self.scope is None:
                self.scope = self.module.scope.inner()
                evaluator = self.module.evaluator
                whole = evaluator.attempt(self.initial, self.module.scope)
                bind(evaluator, self.pattern, whole, self.scope, constant=self.constant)
            if name not in self.scope.names:
                origin = self.module.scope.origin(self.pattern)
                raise Unreadable("a pattern of this form", origin)
            return self.scope.names[name].get()

        return value


def _export_specifiers(node: Node) -> list[Node]:
    """The items of `export { … }` that are no types."""
    return [
        item
        for clause in children(node)
        if clause.type == "export_clause"
        for item in children(clause)
        if not any(child.type == "type" for child in item.children)
    ]


def _named(item: Node) -> tuple[str, str]:
    """The name and the alias of an item of `import { … }` or `export { … }`."""
    name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
    assert name is not None
    return _module_name(name), _module_name(alias or name)


def _module_name(node: Node) -> str:
    text = text_of(node)
    return text[1:-1] if node.type == "string" else text
