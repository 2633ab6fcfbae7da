"""Types of the IR as Python annotations.

An annotation is a tree that the layout breaks into lines. Objects and long literal unions inside
a type become classes and aliases of the module; the annotator collects them on the way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from codegen.ir.discriminator import tags
from codegen.ir.model import Schema
from codegen.ir.types import (
    ANY,
    NULL,
    Array,
    Constrained,
    Constraint,
    Doc,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)

from .classes import ClassNames, ModuleNames
from .code import Call, Code, Sub, dotted, identifier, literal
from .code import Union as Either
from .imports import Imports
from .layout import alias
from .names import field_names, pascal_case
from .singular import singular_class
from .type_modules import TypeModules

NONE: Final = literal(None)

_BUILTINS: Final = {"string": "str", "number": "float", "boolean": "bool"}
# The runtime's annotations of the other scalars, and what a checker sees of them.
_RUNTIME: Final = {
    "bytes": "Bytes",
    "bigint": "BigInt",
    "any": "AnyValue",
    "commitTs": "CommitTs",
}
_PLAIN: Final = {"bytes": "bytes", "bigint": "int", "commitTs": "int"}
_CONSTRAINTS: Final = {
    "ge": "Ge",
    "gt": "Gt",
    "le": "Le",
    "lt": "Lt",
    "minLength": "MinLen",
    "maxLength": "MaxLen",
    "pattern": "Pattern",
}


class Annotator:
    """Annotates the types of one module, and keeps what the module has to define for them.

    `package` leads from the module to the package. `shadowed` are names of builtins that the
    module gives to something else, and `tables` the modules of tables whose documents it uses.
    """

    def __init__(
        self,
        schema: Schema,
        names: ClassNames,
        types: TypeModules,
        *,
        folder: str,
        module: str = "",
        package: str = "..",
        shadowed: Container[str] = (),
        tables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.imports = Imports(names.taken)
        self.aliases: list[Code] = []
        self.objects: list[tuple[str, Object]] = []
        self._schema = schema
        self._classes = names
        self._types = types
        self._folder = folder
        self._module = module
        self._package = package
        self._shadowed = shadowed
        self._tables = tables
        self._names = ModuleNames(names.taken)
        self._fields: dict[int, tuple[str, Code]] = {}
        self._objects: dict[tuple[str, int], Code] = {}
        self._literal_aliases: dict[tuple[str, Code], Code] = {}

    def field(self, field: Field, owner: str) -> Code:
        """The annotation of a field of the class `owner`; the same at each call."""
        known = self._fields.get(id(field))
        if known is None:
            name = owner + pascal_case(field.name)
            known = self._fields[id(field)] = name, self.annotate(field.type, name)
        return known[1]

    def plain_field(self, field: Field, owner: str) -> Code:
        """The annotation of a field for a parameter, as `plain` has it."""
        self.field(field, owner)
        return self.plain(field.type, self._fields[id(field)][0])

    def definition(self, type_: Type, name: str) -> Code:
        """What the alias `name` stands for: its own literals need no alias of their own."""
        if isinstance(type_, Union):
            return self._union(type_, name, hoist=False)
        return self.annotate(type_, name)

    def plain(self, type_: Type, name: str) -> Code:
        """The same type as only a checker needs it, for parameters: no constraints, no codecs."""
        match type_:
            case Scalar("any"):
                return self.any()
            case Scalar("null"):
                return NONE
            case Scalar(kind):
                return identifier(_BUILTINS.get(kind) or _PLAIN[kind])
            case Constrained(inner):
                return self.plain(inner, name)
            case Literal("number"):
                return identifier("float")
            case Array(element):
                return Sub(identifier("list"), (self.plain(element, name),))
            case Record(key, value):
                parts = (self.plain(key, name), self.plain(value, name))
                return Sub(identifier("dict"), parts)
            case Union():
                return self._plain_union(type_, name)
            case _:
                return self.annotate(type_, name)

    def constant(self, *words: str) -> Code:
        """The name of a private constant of the module, unlike any other there."""
        return identifier(self._names.derive("_" + "_".join(words).upper()))

    def any(self) -> Code:
        return self.imports.use("typing", "Any")

    def nullable(self, type_: Type) -> bool:
        """Whether null is a value of the type."""
        match type_:
            case Scalar(kind):
                return kind in ("null", "any")
            case Union(arms):
                return any(map(self.nullable, arms))
            case Named(name):
                return self.nullable(self._schema.types[name].type)
            case Constrained(inner):
                return self.nullable(inner)
            case _:
                return False

    def annotate(self, type_: Type, name: str) -> Code:
        """The annotation of a type; `name` is for the class or alias that it may need."""
        match type_:
            case Scalar():
                return self._scalar(type_)
            case Id(table):
                return self.id(table)
            case Doc(table):
                module = f"{self._package}tables.{self._tables[table]}"
                return self.imports.own(module, self._classes.tables[table].document)
            case Literal():
                return self._literals([type_])
            case Array(element):
                return Sub(self._builtin("list"), (self._element(element, name),))
            case Record(key, value):
                parts = (self.annotate(key, name), self._element(value, name))
                return Sub(self._builtin("dict"), parts)
            case Union():
                return self._union(type_, name)
            case Named(reference):
                module = self._types.module(reference, self._folder, self._package)
                if module == self._module:
                    return identifier(reference)
                return self.imports.own(module, reference)
            case Constrained(inner, constraints):
                return self._annotated(
                    self.annotate(inner, name),
                    *(self._constraint(constraint) for constraint in constraints),
                )
            case Object():
                return self._object(type_, name)

    def _element(self, type_: Type, name: str) -> Code:
        """The annotation of one of the many that `name` stands for."""
        if isinstance(type_, Scalar):
            return self._scalar(type_)
        return self.annotate(type_, singular_class(name) if name else "")

    def id(self, table: str) -> Code:
        return self.imports.own(f"{self._package}ids", self._classes.ids[table])

    def _scalar(self, scalar: Scalar) -> Code:
        builtin = _BUILTINS.get(scalar.kind)
        if builtin:
            return self._builtin(builtin)
        return NONE if scalar == NULL else self.imports.runtime(_RUNTIME[scalar.kind])

    def _builtin(self, name: str) -> Code:
        if name not in self._shadowed:
            return identifier(name)
        self.imports.module("builtins")
        return dotted(f"builtins.{name}")

    def _object(self, shape: Object, name: str) -> Code:
        """The class of a nested object; the module defines it from `objects`."""
        known = self._objects.get((name, id(shape)))
        if known is None:
            own = self._names.derive(name)
            self.objects.append((own, shape))
            known = self._objects[name, id(shape)] = identifier(own)
        return known

    def _annotated(self, annotation: Code, *metadata: Code) -> Code:
        head = self.imports.use("typing", "Annotated")
        if isinstance(annotation, Sub) and annotation.opening == f"{head}[":
            return Sub(head, (*annotation.items, *metadata))
        return Sub(head, (annotation, *metadata))

    def _constraint(self, constraint: Constraint) -> Code:
        head = self.imports.runtime(_CONSTRAINTS[constraint.kind])
        return Call(head, (literal(constraint.value),))

    def _union(self, union: Union, name: str, *, hoist: bool = True) -> Code:
        arms = list(self._flat(union))
        if ANY in arms:
            return self._scalar(ANY)
        if not arms:
            return self.imports.runtime("Nothing")
        literals: list[Literal] = []
        objects: list[Type] = []
        others: list[Type] = []
        for arm in arms:
            if isinstance(arm, Literal):
                literals.append(arm)
            elif isinstance(self._resolved(arm), Object):
                objects.append(arm)
            elif arm != NULL:
                others.append(arm)
        found: list[Code] = []
        if literals:
            found += self._literal_arms(literals, name, hoist=hoist)
        if objects:
            found += self._object_arms(objects, name)
        found += [self.annotate(arm, name) for arm in others]
        if NULL in arms:
            found.append(NONE)
        return either(found)

    def _plain_union(self, union: Union, name: str) -> Code:
        arms = list(self._flat(union))
        if ANY in arms:
            return self.plain(ANY, name)
        strings = [a for a in arms if isinstance(a, Literal) and a.kind != "number"]
        found: list[Code] = []
        if strings:
            found += self._literal_arms(strings, name, hoist=True)
        found += [
            self.plain(arm, name) for arm in arms if arm != NULL and arm not in strings
        ]
        if NULL in arms:
            found.append(NONE)
        return either(found) if found else self.imports.use("typing", "Never")

    def _flat(self, union: Union) -> Iterator[Type]:
        for arm in union.arms:
            if isinstance(arm, Union):
                yield from self._flat(arm)
            else:
                yield arm

    def _resolved(self, type_: Type) -> Type:
        while isinstance(type_, Named):
            type_ = self._schema.types[type_.name].type
        return type_

    def _literal_arms(
        self, literals: list[Literal], name: str, *, hoist: bool
    ) -> Iterator[Code]:
        """Literals of one kind become one annotation; several share a name of their own."""
        for kinds in (("string", "boolean"), ("bigint",), ("number",)):
            of_kind = [one for one in literals if one.kind in kinds]
            if not of_kind:
                continue
            annotation = self._literals(of_kind)
            if hoist and len(of_kind) > 1:
                annotation = self._hoist(annotation, name)
            yield annotation

    def _literals(self, literals: list[Literal]) -> Code:
        values = tuple(dict.fromkeys(literal(one.value) for one in literals))
        kind = literals[0].kind
        if kind == "number":
            one_of = Call(self.imports.runtime("OneOf"), values)
            return self._annotated(self._builtin("float"), one_of)
        exact = Sub(self.imports.use("typing", "Literal"), values)
        if kind == "bigint":
            one_of = Call(self.imports.runtime("OneOf"), values)
            return self._annotated(exact, one_of)
        return exact

    def _hoist(self, annotation: Code, name: str) -> Code:
        """An alias of the module in the place of several literals."""
        own = self._literal_aliases.get((name, annotation))
        if own is None:
            own = identifier(self._names.derive(name))
            self._literal_aliases[name, annotation] = own
            type_alias = self.imports.use("typing", "TypeAlias")
            self.aliases.append(alias(own, annotation, type_alias))
        return own

    def _object_arms(self, arms: list[Type], name: str) -> Iterator[Code]:
        shapes = [self._resolved(arm) for arm in arms]
        found = tags([s for s in shapes if isinstance(s, Object)], self._schema)
        attributes = {_attribute(s, found[0]) for s in shapes} if found else set[str]()
        classes: list[Code] = []
        for index, arm in enumerate(arms):
            suffix = ""
            if len(arms) > 1:
                suffix = (pascal_case(found[1][index][0]) if found else "") or str(
                    index + 1
                )
            classes.append(self.annotate(arm, name + suffix))
        if len(attributes) != 1:
            yield from classes
            return
        attribute = attributes.pop()
        by = Call(self.imports.runtime("Discriminator"), (literal(attribute),))
        yield self._annotated(either(classes), by)


def optional(annotation: Code) -> Code:
    """The annotation, or None."""
    if annotation == NONE:
        return annotation
    arms = annotation.arms if isinstance(annotation, Either) else (annotation,)
    return Either((*(arm for arm in arms if arm != NONE), NONE))


def marked(annotation: Code, mark: Code) -> Code:
    """The annotation, or a mark of the runtime's such as `Remove`; None stays last."""
    if isinstance(annotation, Either) and annotation.arms[-1] == NONE:
        return Either((*annotation.arms[:-1], mark, NONE))
    if annotation == NONE:
        return Either((mark, NONE))
    return Either((annotation, mark))


def _attribute(shape: Type, field: str) -> str:
    fields = shape.fields if isinstance(shape, Object) else ()
    return field_names([f.name for f in fields], document=False)[field]


def either(arms: list[Code]) -> Code:
    """One of several annotations, each only once; exact values come together."""
    if len(arms) == 1:
        return arms[0]
    union = Either(arms)
    distinct = tuple(_literals_merged(dict.fromkeys(union.arms)))
    if len(distinct) == len(union.arms) > 1:
        return union
    return distinct[0] if len(distinct) == 1 else Either(distinct)


def _literals_merged(arms: Iterable[Code]) -> Iterator[Code]:
    """`Literal["a"]` and `Literal["b"]` as `Literal["a", "b"]`, in the place of the first."""
    literals = [a for a in arms if isinstance(a, Sub) and a.opening == "Literal["]
    if len(literals) < 2:
        yield from arms
        return
    values = dict.fromkeys(value for arm in literals for value in arm.items)
    for arm in arms:
        if arm is literals[0]:
            yield Sub(identifier("Literal"), tuple(values))
        elif arm not in literals:
            yield arm
