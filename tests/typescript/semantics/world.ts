//// process.env: refused
const fields = { a: process.env.SECRET ? v.string() : v.number() };
//// process.env with a default: refused
const fields = { a: v.literal(process.env.SECRET ?? "none") };
//// NODE_ENV: read
const fields = { a: v.literal(process.env.NODE_ENV!) };
//// NODE_ENV of process: refused
const fields = { a: v.literal((process as any).NODE_ENV ?? "none") };
//// Date.now, not used: read
const now = Date.now(), random = Math.random();
const fields = { a: v.string() };
//// Date.now: refused
const fields = { a: Date.now() > 0 ? v.string() : v.number() };
//// Math.random: refused
const fields = { a: v.literal(Math.random() < 2) };
//// a value that can't be told, beside others: refused
const fields = { a: v.string(), b: v.literal(new Date(0).toISOString()) };
//// a value that can't be told, and is not used: read
const all = { a: v.string(), b: v.literal(new Date(0).toISOString()) };
const fields = { a: all.a };
//// a condition that can't be told, around a change: refused
const fields: any = { a: v.string() };
if (Date.now() > 0) fields.b = v.number();
//// a condition that can't be told, around a change of another name: refused
const fields: any = { a: v.string() };
const alias = fields;
if (Date.now() > 0) alias.b = v.number();
//// a condition that can't be told, around a change of a part: refused
const inner: any = { a: v.string() };
const fields = { o: v.object(inner) };
const list = [inner];
if (Date.now() > 0) list[0].b = v.number();
//// a condition that can't be told, around a call: refused
const fields: any = { a: v.string() };
function add() { fields.b = v.number(); }
if (Date.now() > 0) add();
//// a condition that can't be told, in an expression: refused
const fields: any = { a: v.string() };
const add = (to: any) => { to.b = v.number(); return 1; };
const unused = Date.now() > 0 && add(fields);
//// a condition that can't be told, in an array: refused
const fields: any = { a: v.string() };
const unused = [Date.now() > 0 ? (fields.b = v.number()) : null];
//// a condition that can't be told, in a function: refused
const fields: any = { a: v.string() };
const add = (on: boolean) => { const parts = [on && (fields.b = v.number())]; return parts; };
const unused = add(Date.now() > 0);
//// a condition that can't be told, around a reassignment: refused
let text: any = v.string();
if (Date.now() > 0) text = v.number();
const fields = { a: text };
//// a condition that can't be told, around what changes nothing: read
const fields: any = { a: v.string() };
if (Date.now() > 0) console.log("late");
//// a loop that can't be told: refused
const fields: any = { a: v.string() };
for (let i = 0; i < Date.now(); i += 1e12) fields["f" + i] = v.number();
//// an assignment of what can't be told: refused
const fields: any = { a: v.string() };
fields.b = Date.now() > 0 ? v.number() : v.any();
//// an index of a table, if: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const t = defineTable({ a: v.string() });
if (Date.now() > 0) t.index("by_a", ["a"]);
export default defineSchema({ t });
//// an index of a table of another module, if: refused
import { defineSchema } from "convex/server";
import { t } from "./tables";
import { n } from "./indexes";
export default defineSchema({ t });
console.log(n);
//// file convex/tables.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const t = defineTable({ a: v.string() });
//// file convex/indexes.ts
import { t } from "./tables";
if (Date.now() > 0) t.index("by_a", ["a"]);
export const n = 1;
//// fields of another module, if: refused
import { defineSchema, defineTable } from "convex/server";
import { fields } from "./fields";
if (Date.now() > 0) (fields as any).b = fields.a;
import { again } from "./again";
export default defineSchema({ t: defineTable(again) });
//// file convex/fields.ts
import { v } from "convex/values";
export const fields = { a: v.string() };
//// file convex/again.ts
export { fields as again } from "./fields";
//// import.meta: refused
const fields = { a: (import.meta as any).env ? v.string() : v.number() };
//// require: refused
declare const require: any;
const fields = { a: require("convex/values").v.string() };
//// globalThis: refused
const fields = { a: (globalThis as any).process ? v.string() : v.number() };
//// a function of Object that the reader does not know: refused
const fields = { a: (Object as any).hasOwn ? v.string() : v.number() };
//// a call of a function of Object that the reader does not know: refused
const fields = { a: v.literal(Object.getOwnPropertyNames({ b: 1 }).join()) };
//// Object as a function: read
const fields = { a: v.literal(typeof Object), b: v.literal(typeof console), c: v.literal(typeof Object.keys) };
//// console.table: read
console.table([1]);
console.group("x");
const fields = { a: v.string() };
//// a pattern of members that can't be told: refused
const o: any = { a: v.string(), b: v.number() };
if (Date.now() > 0) [o.a, o.b] = [o.b, o.a];
const fields = { a: o.a };
//// a pattern of a reassignment that can't be told: refused
let a: any = v.string(), b: any = v.number();
if (Date.now() > 0) ({ a, b } = { a: b, b: a });
const fields = { a };
//// a function that is replaced, if: refused
function f(): any { return v.string(); }
if (Date.now() > 0) (f as any) = () => v.number();
const fields = { a: f() };
//// a callback that changes something, if: refused
const fields: any = { a: v.string() };
const callbacks = [() => { fields.b = v.number(); }];
if (Date.now() > 0) callbacks.forEach((f) => f());
//// a method of a class that changes something, if: refused
const fields: any = { a: v.string() };
class Adder { add(to: any) { to.b = v.number(); } }
const adder = new Adder();
if (Date.now() > 0) adder.add(fields);
//// a builder that is not told: refused
class Builder { fields: any = { a: v.string() }; add() { this.fields.b = v.number(); return this; } }
const builder = new Builder();
if (Date.now() > 0) builder.add();
const fields = builder.fields;
//// a helper of another module, if: refused
import { defineSchema, defineTable } from "convex/server";
import { fields } from "../lib/fields";
import { add } from "../lib/add";
if (Date.now() > 0) add();
export default defineSchema({ t: defineTable(fields) });
//// file lib/fields.ts
import { v } from "convex/values";
export const fields: any = { a: v.string() };
//// file lib/add.ts
import { v } from "convex/values";
import { fields } from "./fields";
export const add = () => { fields.b = v.number(); };
//// a package that changes what it is given: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { extend } from "pack";
const fields: any = { a: v.string() };
extend(fields, v.number());
export default defineSchema({ t: defineTable(fields) });
//// file node_modules/pack/package.json
{ "name": "pack", "main": "index.js", "type": "module" }
//// file node_modules/pack/index.js
export function extend(fields, more) { with_(fields); try { fields.b = more; } finally {} }
function with_() {}
//// a constructor that changes something, if: refused
const fields: any = { a: v.string() };
class Adder { constructor(to: any) { to.b = v.number(); } }
if (Date.now() > 0) new Adder(fields);
//// a callback that is handed on, if: refused
const fields: any = { a: v.string() };
const add = () => { fields.b = v.number(); };
const run = (f: any) => f();
if (Date.now() > 0) run(add);
//// fields in a map, if: refused
const fields: any = { a: v.string() };
const map = new Map([["f", fields]]);
if (Date.now() > 0) map.get("f").b = v.number();
//// a map that changes, if: refused
const map = new Map<string, any>([["a", v.string()]]);
if (Date.now() > 0) map.set("a", v.number());
const fields = { a: map.get("a") };
//// members of a union, if: refused
const either: any = v.union(v.string());
if (Date.now() > 0) either.members.push(v.number());
const fields = { either };
//// the tables of a schema, if: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const tables: any = { t: defineTable({ a: v.string() }) };
if (Date.now() > 0) tables.u = defineTable({});
export default defineSchema(tables);
//// the tables of a finished schema, if: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const schema: any = defineSchema({ t: defineTable({ a: v.string() }) });
if (Date.now() > 0) schema.tables.u = defineTable({});
export default schema;
//// the fields of an index, if: refused
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const list: any = ["a"];
const t = defineTable({ a: v.string(), b: v.string() }).index("by_a", list);
if (Date.now() > 0) list.push("b");
export default defineSchema({ t });
