//// convex-helpers/validators: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { literals, nullable, brandedString, deprecated, systemFields, withSystemFields, pretend, pretendRequired, partial, vRequired, addFieldsToValidator } from "convex-helpers/validators";
const o = v.object({ a: v.string(), b: v.optional(v.number()) });
export default defineSchema({
  t: defineTable({
    a: literals("x", "y", 1), b: nullable(v.string()), c: brandedString("email"), d: deprecated, ...{ e: v.object(systemFields("t")) },
    f: v.object(withSystemFields("t", { x: v.any() })), g: pretend(v.string()), h: pretendRequired(v.string()), i: v.object(partial(o.fields)),
    j: partial(o), k: vRequired(v.optional(v.array(v.string()))), l: addFieldsToValidator(o, { c: v.any() }), m: partial(v.union(o, v.object({}))),
    n: vRequired(o.fields.b), o: addFieldsToValidator(v.union(o), { b: v.number() }),
  }),
});
//// typedV and doc: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { typedV, doc } from "convex-helpers/validators";
const schema = defineSchema({ users: defineTable({ name: v.string() }) });
const vv = typedV(schema);
export default defineSchema({ ...schema.tables, t: defineTable({ a: vv.id("users"), b: vv.doc("users"), c: doc(schema, "users"), d: vv.string() }) });
//// Table: read
import { defineSchema } from "convex/server";
import { v } from "convex/values";
import { Table } from "convex-helpers/server";
const Users = Table("users", { name: v.string(), tag: v.optional(v.string()) });
const Posts = Table("posts", { user: Users._id, copy: Users.doc, fields: v.object(Users.withoutSystemFields), all: v.object(Users.withSystemFields) });
export default defineSchema({ users: Users.table.index("by_name", ["name"]), posts: Posts.table });
//// authTables: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { authTables } from "@convex-dev/auth/server";
export default defineSchema({ ...authTables, users: defineTable({ ...authTables.users.validator.fields, role: v.string() }).index("email", ["email"]), notes: defineTable({ by: v.id("users") }) });
//// rateLimitTables and migrations: read
import { defineSchema } from "convex/server";
import { rateLimitTables } from "convex-helpers/server/rateLimit";
import { migrationsTable } from "convex-helpers/server/migrations";
export default defineSchema({ ...rateLimitTables, migrations: migrationsTable });
//// pick and omit: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { pick, omit } from "convex-helpers";
const o = { a: v.string(), b: v.number(), c: v.any() };
export default defineSchema({ t: defineTable({ x: v.object(pick(o, ["a"])), y: v.object(omit(o, ["a"])) }) });
//// zod: refused
import { defineSchema, defineTable } from "convex/server";
import { z } from "zod";
import { zodToConvex } from "convex-helpers/server/zod4";
export default defineSchema({ t: defineTable({ a: zodToConvex(z.string()) }) });
//// functions beside the schema: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { internal } from "./_generated/api";
import { mutation } from "./_generated/server";
export const run = mutation({ args: {}, handler: async (ctx) => ctx.scheduler.runAfter(0, internal.x.y) });
export default defineSchema({ t: defineTable({ a: v.string() }) });
