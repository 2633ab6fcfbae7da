//// every kind: read
const fields = {
  a: v.string(), b: v.number(), c: v.float64(), d: v.bigint(), e: v.int64(), f: v.boolean(), g: v.null(), h: v.bytes(), i: v.any(),
  j: v.id("t"), k: v.literal("x"), l: v.literal(1), m: v.literal(true), n: v.array(v.string()), o: v.object({ a: v.string() }),
  p: v.record(v.string(), v.number()), q: v.union(v.string(), v.null()), r: v.optional(v.string()), s: v.nullable(v.string()), w: v.commitTs(),
};
//// empty objects, unions, nested unions: read
const fields = { a: v.object({}), b: v.union(), c: v.union(v.string()), d: v.union(v.union(v.string(), v.null()), v.any()) };
//// optional of optional: read
const fields = { a: v.optional(v.optional(v.string())), b: v.string().optional(), c: v.object({ x: v.any() }).asOptional() };
//// optional inside: read
const fields = { a: v.array(v.optional(v.string()) as any) };
//// omit, pick, partial, extend: read
const o = v.object({ a: v.string(), b: v.optional(v.number()), c: v.any() });
const fields = { a: o.omit("a"), b: o.pick("c", "a"), c: o.partial(), d: o.extend({ d: v.null(), a: v.bytes() }), e: v.optional(o).omit("c"), f: o.omit("a", "b", "c"), g: o.partial().extend({ z: v.any() }) };
//// pick of what there is not: fails
const fields = { a: (v.object({ a: v.string() }) as any).pick("b") };
//// omit of what there is not: read
const fields = { a: (v.object({ a: v.string() }) as any).omit("b") };
//// parts: read
const o = v.object({ a: v.array(v.string()), b: v.union(v.literal("x"), v.id("t")), c: v.record(v.string(), v.number()) });
const fields = {
  a: o.fields.a.element, b: o.fields.b.members[0], c: o.fields.c.value, d: o.fields.c.key,
  e: v.literal(o.kind), f: v.literal((o.fields.b.members[0] as any).value), g: v.literal((o.fields.b.members[1] as any).tableName),
  h: v.literal(v.optional(o).isOptional), i: v.literal(o.isOptional), j: v.literal(o.isConvexValidator), k: v.literal(v.number().kind),
};
//// json: refused
const fields = { a: v.literal((v.string() as any).json.type) };
//// members that grow: read
const u: any = v.union(v.string());
u.members.push(v.number());
const fields = { u, w: v.union(...u.members, v.null()) };
//// an assignment to a validator: refused
const o: any = v.string();
o.isOptional = "optional";
const fields = { o };
//// asObjectValidator: read
import { defineSchema, defineTable } from "convex/server";
import { v, asObjectValidator } from "convex/values";
const wrap = (x: any) => (x.isConvexValidator ? x : v.object(x));
export default defineSchema({ t: defineTable({ a: wrap({ b: v.string() }), c: wrap(v.any()), d: asObjectValidator({ e: v.null() }), e: asObjectValidator(v.any()) }) });
//// documents of unions, of anything, of records: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({
  a: defineTable(v.union(v.object({ k: v.literal("a") }), v.object({ k: v.literal("b"), x: v.any() }))),
  b: defineTable(v.any()),
  c: defineTable(v.object({ x: v.string() })),
  d: defineTable(v.record(v.string(), v.any())),
});
//// unions of constants: read
const a = v.object({ k: v.literal("a") });
const b = v.object({ k: v.literal("b") });
const either = v.union(a, b);
const fields = { either, list: v.array(either), one: a, maybe: v.optional(either) };
//// constants of one name: read
import { defineSchema, defineTable } from "convex/server";
import { status as other } from "./other";
import { v } from "convex/values";
const status = v.union(v.literal("a"), v.literal("b"));
export default defineSchema({ status: defineTable({ status, other }), statuses: defineTable({ status }) });
//// file convex/other.ts
import { v } from "convex/values";
export const status = v.union(v.literal("c"), v.literal("d"));
//// literals with signs: read
const fields = { a: v.literal(""), b: v.literal("é😀\u0001\""), c: v.literal(false), d: v.literal(0), e: v.literal(-1.5), f: v.literal(-3n) };
//// a literal of null: fails
const fields = { a: v.literal(null as any) };
//// an id of nothing: fails
const fields = { a: (v.id as any)() };
//// an array of nothing: fails
const fields = { a: (v.array as any)() };
//// a record with an optional value: fails
const fields = { a: v.record(v.string(), v.optional(v.string()) as any) };
//// arguments that are not needed: read
const fields = { a: (v.string as any)("x"), b: (v.id as any)("t", 1), c: (v.array as any)(v.any(), 2) };
//// what v does not have: fails
const fields = { a: (v as any).date() };
//// Infer and other types: read
import { defineSchema, defineTable } from "convex/server";
import { v, type Infer, Validator, GenericId } from "convex/values";
export const status = v.union(v.literal("a"), v.literal("b"));
export type Status = Infer<typeof status>;
declare const x: Validator<any, any, any>;
export default defineSchema({ t: defineTable({ status }) });
//// validators made by new: broken
import { defineSchema, defineTable } from "convex/server";
import { VString } from "convex/values";
export default defineSchema({ t: defineTable({ a: new VString({ isOptional: "required" }) }) });
