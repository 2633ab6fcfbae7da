//// fields changed after v.object: read
const inner: any = { a: v.string() };
const object = v.object(inner);
inner.b = v.number();
const fields = { o: object, p: v.optional(object) };
//// fields changed through the validator: read
const object: any = v.object({ a: v.string() });
object.fields.b = v.number();
const fields = { o: object };
//// fields changed after a table is made: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const fields: any = { a: v.string() };
const t = defineTable(fields);
fields.b = v.number();
export default defineSchema({ t });
//// a shared table with indexes: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const t = defineTable({ a: v.string() });
t.index("by_a", ["a"]);
const u = t.index("by_a_again", ["a"]);
export default defineSchema({ t, u });
//// tables changed after defineSchema: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const tables: any = { t: defineTable({ a: v.string() }) };
export default defineSchema(tables);
tables.u = defineTable({ b: v.string() });
//// a copy of the tables before a change: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const tables: any = { t: defineTable({ a: v.string() }) };
export default defineSchema({ ...tables });
tables.u = defineTable({ b: v.string() });
//// settings of an index changed later: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const settings: any = { fields: ["a"] };
const t = defineTable({ a: v.string(), b: v.string() }).index("by_a", settings);
settings.fields = ["b"];
export default defineSchema({ t });
//// fields of an index changed later: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const list: any = ["a"];
const t = defineTable({ a: v.string(), b: v.string() }).index("by_a", list);
list.push("b");
export default defineSchema({ t });
//// tables reassigned in schema.tables: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const schema: any = defineSchema({ t: defineTable({ a: v.string() }) });
schema.tables.u = schema.tables.t;
export default schema;
//// a function that changes its argument: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const base: any = { a: v.string() };
function withTimes(fields: any) { fields.created = v.number(); return fields; }
const users = defineTable(withTimes(base));
const posts = defineTable({ ...base });
export default defineSchema({ posts, users });
//// a function of another module that changes its argument: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { withTimes } from "./times";
const base: any = { a: v.string() };
const users = defineTable(withTimes(base));
const posts = defineTable({ ...base });
export default defineSchema({ posts, users });
//// file convex/times.ts
import { v } from "convex/values";
export function withTimes(fields: any) { fields.created = v.number(); return fields; }
//// a function that changes an alias of its argument: read
const base: any = { a: v.string() };
const add = (o: any) => { const same = o; Object.assign(same, { b: v.number() }); return o; };
const first = { ...base };
const second = add(base);
const fields = { x: v.object(second), y: v.object(first), z: v.object({ ...base }) };
//// a function that changes what another gives: read
const shared: any = {};
const get = () => shared;
const n = (get().a = v.string());
const fields = { ...shared, z: v.any() };
//// a counter: read
let n = 0;
const next = () => v.literal(++n);
const b = next(), a = next();
const fields = { a, b, c: next() };
//// a log: read
const log: string[] = [];
const make = (name: string) => { log.push(name); return v.string(); };
const b = make("b");
const a = make("a");
const fields = { a, b, log: v.literal(log.join()) };
//// a change in between: read
const base: any = { a: v.string() };
const before = Object.keys(base).join();
base.b = v.string();
const after = Object.keys(base).join();
const fields = { x: v.literal(before), y: v.literal(after) };
//// let changed in between: read
let kind = "one";
const first = v.literal(kind);
kind = "two";
const second = v.literal(kind);
const fields = { second, first };
//// export default is made where it stands: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
let kind = "one";
export default defineSchema({ t: defineTable({ a: v.literal(kind) }) });
kind = "two";
//// an export that changes: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { kind } from "./kind";
export default defineSchema({ t: defineTable({ a: v.literal(kind) }) });
//// file convex/kind.ts
export let kind = "one";
kind = "two";
//// a module that changes another one's object: read
import { defineSchema, defineTable } from "convex/server";
import "./more";
import { fields } from "./fields";
export default defineSchema({ t: defineTable(fields) });
//// file convex/fields.ts
import { v } from "convex/values";
export const fields: any = { a: v.string() };
//// file convex/more.ts
import { v } from "convex/values";
import { fields } from "./fields";
fields.b = v.number();
//// a module that adds an index to another one's table: read
import { defineSchema } from "convex/server";
import { t } from "./tables";
import "./indexes";
export default defineSchema({ t });
//// file convex/tables.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const t = defineTable({ a: v.string() });
//// file convex/indexes.ts
import { t } from "./tables";
t.index("by_a", ["a"]);
//// a module that is imported by way of another: read
import { defineSchema } from "convex/server";
import { t } from "./all";
export default defineSchema({ t });
//// file convex/all.ts
import "./indexes";
export { t } from "./tables";
//// file convex/tables.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const t = defineTable({ a: v.string() });
//// file convex/indexes.ts
import { t } from "./tables";
t.index("by_a", ["a"]);
//// an import that is not used does nothing: read
import { defineSchema } from "convex/server";
import { t } from "./tables";
import { nothing } from "./indexes";
export default defineSchema({ t });
//// file convex/tables.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const t = defineTable({ a: v.string() });
//// file convex/indexes.ts
import { t } from "./tables";
t.index("by_a", ["a"]);
export const nothing = 0;
//// the order of modules: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { before } from "../lib/before";
import "../lib/change";
import { after } from "../lib/after";
export default defineSchema({ t: defineTable({ a: v.literal(after), b: v.literal(before) }) });
//// file lib/shared.ts
export const shared: string[] = [];
//// file lib/before.ts
import { shared } from "./shared";
export const before = shared.length;
//// file lib/change.ts
import { shared } from "./shared";
shared.push("x");
//// file lib/after.ts
import { shared } from "./shared";
export const after = shared.length;
//// a registry of other modules: read
import { defineSchema } from "convex/server";
import { tables } from "../lib/registry";
import "../lib/users";
import "../lib/posts";
export default defineSchema(tables);
//// file lib/registry.ts
import { defineTable } from "convex/server";
export const tables: any = {};
export const register = (name: string, fields: any) => { tables[name] = defineTable(fields); };
//// file lib/users.ts
import { v } from "convex/values";
import { register } from "./registry";
register("users", { name: v.string() });
//// file lib/posts.ts
import { v } from "convex/values";
import { register } from "./registry";
register("posts", { user: v.id("users") });
//// a side effect in a value that is not used: read
const fields: any = { a: v.string() };
const unused = (fields.b = v.number());
//// a side effect in an object that is not used: read
const fields: any = { a: v.string() };
const add = () => { fields.c = v.any(); };
const unused = { x: add(), y: [add()] };
//// directives: read
"use node";
const fields = { a: v.string() };
//// names of a pattern change: read
let { a, b } = { a: "a", b: "b" };
a = "c";
const fields = { a: v.literal(a), b: v.literal(b) };
//// Object.defineProperty: refused
const fields: any = { a: v.string() };
Object.defineProperty(fields, "b", { value: v.number(), enumerable: true });
//// a method that changes: read
const builder: any = { fields: {}, add(name: string) { builder.fields[name] = v.string(); return builder; } };
builder.add("a").add("b");
const fields = builder.fields;
