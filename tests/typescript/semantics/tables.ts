//// chained: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema(
  {
    users: defineTable({ name: v.string(), email: v.string(), org: v.object({ id: v.string() }) })
      .index("by_email", ["email"])
      .index("by_org", ["org.id", "name"])
      .index("settings", { fields: ["name"] })
      .searchIndex("search", { searchField: "name", filterFields: ["email", "org.id"] })
      .searchIndex("plain", { searchField: "email" }),
    vectors: defineTable({ e: v.array(v.float64()), k: v.string() })
      .vectorIndex("by_e", { vectorField: "e", dimensions: 1536, filterFields: ["k"] })
      .vectorIndex("bare", { vectorField: "e", dimensions: 2 * 512 }),
  },
  { schemaValidation: false, strictTableNameTypes: false },
);
//// staged: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  t: defineTable({ a: v.string(), e: v.array(v.float64()) })
    .index("one", { fields: ["a"], staged: true })
    .index("two", ["a"])
    .index("three", { fields: ["a", "e"], staged: false })
    .searchIndex("s", { searchField: "a", staged: true })
    .vectorIndex("v", { vectorField: "e", dimensions: 3, staged: true })
    .staged({ b: v.number(), e: undefined }),
  u: defineTable(v.any()).staged({ x: v.string() }),
  w: defineTable(v.union(v.object({ a: v.any() }))).staged(v.object({ b: v.any() })),
});
//// staged twice: fails
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: defineTable({}).staged({ a: v.any() }).staged({}) });
//// staged fields of a union: fails
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: defineTable(v.union(v.object({}))).staged({ a: v.any() }) });
//// spreads of tables: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const base = { a: defineTable({ x: v.string() }), b: defineTable({}) };
const more = ["c", "d"].map((name) => [name, defineTable({ of: v.id(name) })] as const);
export default defineSchema({ ...base, ...Object.fromEntries(more), a: defineTable({ y: v.any() }) });
//// the validator of a table: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const users = defineTable({ name: v.string(), age: v.number() }).index("by_name", ["name"]);
export default defineSchema({
  users,
  copies: defineTable(users.validator),
  parts: defineTable({ ...users.validator.fields, more: v.any() }),
  picked: defineTable(users.validator.pick("age")),
});
//// schema.doc and schema.id: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const one = defineSchema({ users: defineTable({ name: v.string() }), kinds: defineTable(v.union(v.object({ k: v.literal("a") }), v.object({}))) });
export default defineSchema({ ...one.tables, logs: defineTable({ of: one.doc("users"), kind: one.doc("kinds"), id: one.id("users") }) });
//// schema.id of what there is not: fails
import { defineSchema, defineTable } from "convex/server";
const one = defineSchema({ users: defineTable({}) });
export default defineSchema({ t: defineTable({ a: (one as any).id("missing") }) });
//// docValidator: read
import { defineSchema, defineTable, docValidator } from "convex/server";
import { v } from "convex/values";
const users = defineTable({ name: v.string() });
export default defineSchema({ users, logs: defineTable({ of: docValidator("users", users) }) });
//// paginationOptsValidator: read
import { defineSchema, defineTable, paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: defineTable({ a: paginationOptsValidator, b: paginationResultValidator(v.string()) }) });
//// indexes made by a loop: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
let t: any = defineTable({ a: v.string(), b: v.string() });
for (const name of ["a", "b"]) t = t.index(`by_${name}`, [name]);
export default defineSchema({ t });
//// indexes made by reduce: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const t = ["a", "b"].reduce((t: any, name) => t.index(`by_${name}`, [name]), defineTable({ a: v.string(), b: v.string() }));
export default defineSchema({ t });
//// a helper for tables: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const withTimes = (fields: any) => defineTable({ ...fields, createdAt: v.number() }).index("by_created", ["createdAt"]);
export default defineSchema({ a: withTimes({ x: v.string() }).index("by_x", ["x"]), b: withTimes({}) });
//// tables with names like integers: read
import { defineSchema, defineTable } from "convex/server";
export default defineSchema({ b: defineTable({}), ...{ a: defineTable({}) } });
//// a table that is none: fails
import { defineSchema } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: v.object({}) as any });
//// a table that is undefined: fails
import { defineSchema } from "convex/server";
export default defineSchema({ t: undefined as any });
//// dimensions that can't be told: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const dimensions = Number(process.env.DIMENSIONS ?? 3);
export default defineSchema({ t: defineTable({ e: v.array(v.float64()) }).vectorIndex("e", { vectorField: "e", dimensions }) });
//// the name of an index that can't be told: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: defineTable({ a: v.string() }).index("by_" + typeof window, ["a"]) });
//// options from a variable: read
import { defineSchema, defineTable } from "convex/server";
const options = { schemaValidation: !true };
export default defineSchema({ t: defineTable({}) }, options);
//// a union in a union of documents with system fields: read
import { defineSchema, defineTable, docValidator } from "convex/server";
import { v } from "convex/values";
const t = defineTable(v.union(v.union(v.object({ a: v.string() })), v.any()));
export default defineSchema({ t, u: defineTable({ d: docValidator("t", t) }) });
//// the indexes of a table: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const t: any = defineTable({ a: v.string() });
export default defineSchema({ t: t.indexes ? t : defineTable({}) });
//// index of a table by another way: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const t: any = defineTable({ a: v.string() });
t.validator = v.any();
export default defineSchema({ t });
