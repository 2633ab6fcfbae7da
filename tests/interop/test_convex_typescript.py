"""The `schema.ts` of a schema: the real packages accept it, and export the same schema."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from codegen.diagnostics import Diagnostics
from codegen.interop import convex_json
from codegen.interop.convex_typescript import dumps
from codegen.ir.checks import check
from codegen.ir.model import (
    Index,
    NamedType,
    Schema,
    SearchIndex,
    Table,
    VectorIndex,
)
from codegen.ir.types import (
    ANY,
    BIGINT,
    BYTES,
    NULL,
    NUMBER,
    SCALARS,
    STRING,
    Array,
    Constrained,
    Constraint,
    Default,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.values import Value, encode
from codegen.language.load import load
from codegen.language.source import SourceFile
from tests.cases.cases import ACCEPTED, FOLDER, codegen
from tests.interop.real_convex import RealConvex
from tests.ir.strategies import same_json, schemas

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = [path for name in ACCEPTED for path in (FOLDER / name).glob("schema*")]
CORPUS = sorted((ROOT / "tests/corpus/schemas").glob("*.json"))
FILES = [ROOT / "schema", HERE / "everything.yaml", *CASES, *CORPUS]


def read(path: Path) -> Schema:
    """The schema of a file, or of a folder of files."""
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    found = Diagnostics()
    loaded = load([SourceFile(file.name, file.read_bytes()) for file in files], found)
    assert loaded is not None
    return loaded.schema


def compare(schema: Schema, text: str, real_convex: RealConvex) -> None:
    """Asserts that the module is as Prettier leaves it, and exports the schema."""
    said = real_convex.read(text)
    assert said.formatted == text
    assert same_json(said.exported, convex_json.export(schema))


@pytest.mark.parametrize("path", FILES, ids=lambda path: "-".join(path.parts[-2:]))
def test_schemas_of_files(path: Path, real_convex: RealConvex) -> None:
    schema = read(path)
    compare(schema, dumps(schema), real_convex)


def test_the_compiler_takes_them(real_convex: RealConvex) -> None:
    texts = [dumps(read(path)) for path in FILES]
    assert real_convex.compiler_errors(texts) == ""


def test_any_schema(real_convex: RealConvex) -> None:
    texts: list[str] = []

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(schemas())
    def run(schema: Schema) -> None:
        text = dumps(schema)
        texts.append(text)
        compare(schema, text, real_convex)

    run()
    assert real_convex.compiler_errors(texts) == ""


def printed(schema: Schema, real_convex: RealConvex) -> str:
    """The module of a schema, after asserting that all tools agree on it."""
    text = dumps(schema)
    compare(schema, text, real_convex)
    assert real_convex.compiler_errors([text]) == ""
    return text


def only(*fields: Field, **types: Type) -> Schema:
    """A schema with one table, `t`, of documents with these fields."""
    named = {name: NamedType(name, node) for name, node in types.items()}
    return Schema({"t": Table("t", Object(fields))}, named)


def test_this_repository(real_convex: RealConvex) -> None:
    text = printed(read(ROOT / "schema"), real_convex)
    assert text.startswith("""\
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export const runStatus = v.union(
  v.literal("pending"),
  v.literal("running"),
  v.literal("completed"),
  v.literal("failed"),
);

export const artifact = v.object({
  kind: v.union(v.literal("file"), v.literal("diff"), v.literal("log")),
  uri: v.string(),
});

export default defineSchema({
  /** One run of one agent. */
  agentSessions: defineTable({
    /** which agent ran */
    agentType: v.string(),
    // Not applied by Convex: default "pending"
    status: runStatus,
""")
    assert text.endswith("""\
    metadata: v.object({ createdAt: v.number(), updatedAt: v.number() }),
  })
    .index("by_status", ["status"])
    .searchIndex("search_task", {
      searchField: "task",
      filterFields: ["status"],
    }),
});
""")


def test_only_what_is_used_is_imported(real_convex: RealConvex) -> None:
    assert printed(Schema(), real_convex) == (
        'import { defineSchema } from "convex/server";\n\n'
        "export default defineSchema({});\n"
    )
    assert "convex/values" not in printed(only(), real_convex)
    staged = Table("t", Object(()), staged_document=Object(()))
    assert "convex/values" in printed(Schema({"t": staged}), real_convex)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("it's", '"it\'s"'),
        ('say "hi"', "'say \"hi\"'"),
        ("\"'", '"\\"\'"'),
        ("a\\b\n\x00\x7f1", r'"a\\b\n\x00\x7f1"'),
        ("é🔥", '"é🔥"'),
        ("\u2028\ufeff\U000e0001", r'"\u2028\ufeff\u{e0001}"'),
        (True, "true"),
        (1, "1n"),
        (-(2**63), "-9223372036854775808n"),
        (1.0, "1"),
        (-0.0, "-0"),
        (1e21, "1e21"),
        (1e-7, "1e-7"),
        (1.7976931348623157e308, "1.7976931348623157e308"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
    ],
)
def test_literals(value: str | float, text: str, real_convex: RealConvex) -> None:
    schema = only(Field("a", Literal.of(value)))
    assert f"    a: v.literal({text}),\n" in printed(schema, real_convex)


def test_a_field_that_javascript_would_take_for_the_prototype(
    real_convex: RealConvex,
) -> None:
    inner = Object((Field("__proto__", STRING), Field("constructor", STRING)))
    text = printed(only(Field("a", inner)), real_convex)
    assert '["__proto__"]: v.string()' in text


def test_names_of_types(real_convex: RealConvex) -> None:
    names = {
        "RunStatus": "runStatus",
        "HTTPServer": "httpServer",
        "HttpServer": "httpServerValidator",
        "http_server": "httpServerValidator2",
        "RUN_MODE": "runMode",
        "A": "a",
        "_Private": "_private",
        "ID2": "id2",
        "V": "vValidator",
        "Default": "defaultValidator",
        "Undefined": "undefinedValidator",
        "DefineTable": "defineTableValidator",
        "Await": "awaitValidator",
        "Arguments": "argumentsValidator",
        "Type": "type",
        "Name": "name",
        "String": "string",
        "Async": "async",
        "Of": "of",
        "Require": "requireValidator",
        "GlobalThis": "globalThisValidator",
    }
    fields = (Field(f"f{i}", Named(name)) for i, name in enumerate(names))
    text = printed(only(*fields, **dict.fromkeys(names, STRING)), real_convex)
    for i, identifier in enumerate(names.values()):
        assert f"export const {identifier} = v.string();\n" in text
        assert f"    f{i}: {identifier},\n" in text


def test_types_come_before_those_that_use_them(real_convex: RealConvex) -> None:
    outer = Object((Field("a", Array(Named("Middle")), optional=True),))
    middle = Record(STRING, Union((Named("Inner"), NULL)))
    schema = only(Field("a", Named("Outer")), Outer=outer, Middle=middle, Inner=STRING)
    text = printed(schema, real_convex)
    order = [text.index(f"const {name} =") for name in ("inner", "middle", "outer")]
    assert order == sorted(order)


def test_each_kind_of_index(real_convex: RealConvex) -> None:
    fields = (
        Field("a", STRING),
        Field("b", Object((Field("c", NUMBER),)), optional=True),
        Field("e", Array(NUMBER)),
    )
    table = Table(
        "t",
        Object(fields),
        (
            Index("by_a", ("a", "b.c")),
            Index("by_c", ("b.c",), unique=True),
            Index("later", ("a",), staged=True),
        ),
        (SearchIndex("s", "a"), SearchIndex("s2", "a", ("b.c",), staged=True)),
        (VectorIndex("v", "e", 2), VectorIndex("v2", "e", 3, ("a", "b.c"), True)),
        staged_document=Object((*fields, Field("d", ANY))),
    )
    text = printed(Schema({"t": table}), real_convex)
    assert text.endswith("""\
  })
    .staged(
      v.object({
        a: v.string(),
        b: v.optional(v.object({ c: v.number() })),
        e: v.array(v.number()),
        d: v.any(),
      }),
    )
    .index("by_a", ["a", "b.c"])
    // Not enforced by Convex: unique
    .index("by_c", ["b.c"])
    .index("later", { fields: ["a"], staged: true })
    .searchIndex("s", { searchField: "a" })
    .searchIndex("s2", {
      searchField: "a",
      filterFields: ["b.c"],
      staged: true,
    })
    .vectorIndex("v", { vectorField: "e", dimensions: 2 })
    .vectorIndex("v2", {
      vectorField: "e",
      dimensions: 3,
      filterFields: ["a", "b.c"],
      staged: true,
    }),
});
""")


def test_one_unique_index(real_convex: RealConvex) -> None:
    index = Index("by_a", ("a",), unique=True)
    table = Table("t", Object((Field("a", STRING),)), (index,))
    assert printed(Schema({"t": table}), real_convex).endswith("""\
    a: v.string(),
  })
    // Not enforced by Convex: unique
    .index("by_a", ["a"]),
});
""")


def test_indexes_of_fields_that_no_document_has(real_convex: RealConvex) -> None:
    table = Table(
        "t",
        Object((Field("a", STRING),)),
        (Index("by_b", ("a", "b")),),
        (SearchIndex("s", "a", ("_id", "_creationTime")),),
    )
    schema = Schema({"t": table}, schema_validation=False)
    assert check(schema) == []
    text = printed(schema, real_convex)
    assert '.index("by_b", ["a", "b" as any])' in text
    assert 'filterFields: ["_id" as any, "_creationTime"],' in text
    assert text.endswith("  },\n  { schemaValidation: false },\n);\n")


def limited(node: Type, kind: str, value: int | float | str) -> Type:
    return Constrained(node, (Constraint(kind, value),))


@pytest.mark.parametrize(
    ("node", "comment"),
    [
        (limited(NUMBER, "ge", 0.5), ">= 0.5"),
        (limited(BIGINT, "lt", 2**53 + 1), "< 9007199254740993"),
        (limited(STRING, "pattern", '^"\\d'), "matches '^\"\\\\d'"),
        (limited(limited(STRING, "minLength", 1), "maxLength", 2), "length <= 2"),
        (Union((limited(NUMBER, "gt", 0), NULL)), "> 0"),
        (Array(limited(NUMBER, "gt", 0)), "each element > 0"),
        (Record(limited(STRING, "minLength", 1), ANY), "each key length >= 1"),
        (
            Array(Record(STRING, limited(STRING, "minLength", 1))),
            "each value of each element length >= 1",
        ),
    ],
)
def test_constraints(node: Type, comment: str, real_convex: RealConvex) -> None:
    text = printed(only(Field("a", Named("A")), A=node), real_convex)
    assert f"// Not enforced by Convex: {comment}\n" in text.split("export default")[0]
    text = printed(only(Field("a", node)), real_convex)
    assert f"    // Not enforced by Convex: {comment}\n" in text


@pytest.mark.parametrize(
    ("node", "value", "comment"),
    [
        (NULL, None, "null"),
        (BIGINT, 3, "3n"),
        (BYTES, b"\x01\xff", "bytes 01ff"),
        (
            ANY,
            {"a b": [1.0, "\u2028*/"], "c": {}},
            r'{ "a b": [1, "\u2028*/"], "c": {} }',
        ),
    ],
)
def test_defaults(
    node: Type, value: Value, comment: str, real_convex: RealConvex
) -> None:
    field = Field("a", node, default=Default(encode(value)))
    text = printed(only(field), real_convex)
    assert f"    // Not applied by Convex: default {comment}\n" in text


@pytest.mark.parametrize(
    ("description", "comment"),
    [
        ("Words.", "    /** Words. */\n"),
        ("/* a */ b", "    /** /* a *\\/ b */\n"),
        ("a  \n\n  - b\u2028c\n", "    /**\n     * a\n     *\n     *   - b\n     * c\n     */\n"),
        ("@ts-expect-error", "    /**\n     * @ts-expect-error\n     */\n"),
        ("\x00 \ufeff", "  t: defineTable({\n    a:"),
    ],
)  # fmt: skip
def test_descriptions(description: str, comment: str, real_convex: RealConvex) -> None:
    schema = only(Field("a", STRING, description=description))
    assert comment in printed(schema, real_convex)


def test_lines_of_every_length(real_convex: RealConvex) -> None:
    """Names and texts of many lengths, so that each kind of line just fits or just does not."""
    for length in range(14, 65, 2):
        name = "n" + "a" * (length - 1)
        named = NamedType("N" + name, Object((Field(name, NUMBER),)))
        nodes: list[Type] = [
            *SCALARS.values(),
            Named(named.name),
            Literal.of(name),
            Id(name),
            Literal.of(-(2**63)),
            Literal.of(-0.12345678901234567),
            Object(()),
            Literal.of("\uff21\u3042e\u0301" * (length // 4)),
            Union((Literal.of(length), Literal.of("a" * (length - 10)))),
            Array(Union((STRING, Named(named.name)))),
            Object((Field(name, Union((Object((Field("x", STRING),)), NULL))),)),
            Record(STRING, Array(Object((Field(name, Literal.of(1)),)))),
        ]
        fields = [
            Field(f"{name[:-2]}{i:02}", node, optional=bool(i % 2))
            for i, node in enumerate([*nodes, *nodes[::-1], STRING])
        ]
        fields += (Field("n" * 61 + f"{i:02}", node) for i, node in enumerate(nodes))
        compare_tables(fields, name, named, real_convex)


def compare_tables(
    fields: list[Field], name: str, named: NamedType, real_convex: RealConvex
) -> None:
    """Compares tables of documents of every kind with up to three indexes."""
    short = name[:14]
    one = Named(named.name)
    documents: list[Type] = [Object(tuple(fields)), ANY, one, Union((one, one))]
    tables = [
        Table(f"t{i}{kind}", document, indexes, searches)
        for i, document in enumerate(documents)
        for kind, (indexes, searches) in enumerate(
            [
                ((Index(name, (short,)),), ()),
                ((Index(name, (short, name), staged=True),), ()),
                ((Index("a", ("b",)), Index(name, ("c",))), ()),
                ((Index("a", ("b",)), Index("c", (short, name))), ()),
                ((), (SearchIndex("a", name),)),
                ((), (SearchIndex("a", short, (name,)),)),
                ((Index("a", ("b",)),), (SearchIndex(short, "c"),)),
                ((Index("a", ("b",)),), (SearchIndex("c", "d", ("e",)),)),
            ]
        )
    ]
    tables += (Table(n, one, staged_document=one) for n in (name, "t", "t" * 64))
    schema = Schema({table.name: table for table in tables}, {named.name: named})
    compare(schema, dumps(schema), real_convex)


@pytest.mark.parametrize(
    ("document", "staged", "is_one_line"),
    [
        (Object(()), None, False),  # for the types do not know the fields
        (ANY, None, True),
        (Named("A"), None, True),
        (Union((Named("A"), Named("A"))), None, True),
        (Union((Named("A"), Named("A"), Named("A"))), None, False),
        (Named("A"), Named("A"), True),
        (Object((Field("a", STRING),)), None, False),
    ],
)
def test_chains_of_calls(
    document: Type, staged: Type | None, *, is_one_line: bool, real_convex: RealConvex
) -> None:
    indexes = (Index("a", ("a",)), Index("b", ("b",)))
    table = Table("t", document, indexes, staged_document=staged)
    types = {"A": NamedType("A", Object((Field("a", STRING), Field("b", STRING))))}
    schema = Schema({"t": table}, types, schema_validation=False)
    text = dumps(schema)
    compare(schema, text, real_convex)
    assert ('.index("a", ["a"]).index("b", ["b"]),\n' in text) is is_one_line


def test_deeply_nested_types(real_convex: RealConvex) -> None:
    for length in range(1, 12):
        node: Type = Id("t" * length)
        for depth in range(16):
            around = Array(node) if depth % 2 else Union((node, NULL))
            fields = (Field("a", around), Field("b" * length, node), Field("c", ANY))
            node = Object((*fields, Field("d" * (length + 4), node))[: 2 + depth % 3])
            if depth % 3:
                node = Object((Field("e" * length, around, optional=True),))
        schema = only(Field("a", node))
        compare(schema, dumps(schema), real_convex)


def test_the_command_prints_it_and_warns() -> None:
    code, text, errors = codegen(["export", "--to", "convex"], ROOT)
    assert code == 0
    assert text == dumps(read(ROOT / "schema"))
    assert "warning[W403]: Convex does not apply a default" in errors
