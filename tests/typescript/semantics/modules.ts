//// named, default and namespace imports: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import text, { list as many, type Unused } from "./fields";
import * as all from "./fields";
export default defineSchema({ t: defineTable({ a: text, b: many(all.number), c: all.default, d: all["number"] }) });
//// file convex/fields.ts
import { v } from "convex/values";
export type Unused = string;
export default v.string();
export const number = v.number();
export function list(x: any) { return v.array(x); }
//// a namespace of tables: read
import { defineSchema } from "convex/server";
import * as tables from "./tables";
export default defineSchema(tables);
//// file convex/tables.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const users = defineTable({ name: v.string() }), posts = defineTable({ user: v.id("users") });
export interface Unused { a: string }
export type { Unused as Other };
//// a namespace that is spread: read
import { defineSchema } from "convex/server";
import * as tables from "./tables";
export default defineSchema({ ...tables, ...{} });
//// file convex/tables.ts
export * from "./users";
export * from "./posts";
export { x as renamed } from "./posts";
//// file convex/users.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const users = defineTable({ name: v.string() });
export default 1;
//// file convex/posts.ts
import { defineTable } from "convex/server";
import { v } from "convex/values";
export const posts = defineTable({ user: v.id("users") });
export const x = defineTable({});
//// a namespace with what is no table: fails
import { defineSchema } from "convex/server";
import * as tables from "./tables";
export default defineSchema(tables);
//// file convex/tables.ts
import { defineTable } from "convex/server";
export const t = defineTable({});
export const n = 1;
//// export { a as default }: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
const schema = defineSchema({ t: defineTable({ a: v.string() }) });
export { schema as default };
//// the schema of another module: read
export { schema as default } from "./real";
//// file convex/real.ts
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export const schema = defineSchema({ t: defineTable({ a: v.string() }) });
//// the default of another module: read
export { default } from "./real";
//// file convex/real.ts
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export default defineSchema({ t: defineTable({ a: v.string() }) });
//// export * has no default: fails
export * from "./real";
//// file convex/real.ts
import { defineSchema, defineTable } from "convex/server";
export default defineSchema({ t: defineTable({}) });
//// no schema: fails
export const schema = 1;
//// a schema that is none: fails
export default { tables: {} };
//// export * as: read
import { defineSchema, defineTable } from "convex/server";
import { inner, deep } from "./outer";
export default defineSchema({ t: defineTable({ a: inner.a, b: deep.inner.a }) });
//// file convex/outer.ts
export * as inner from "./inner";
export * as deep from "./outer";
//// file convex/inner.ts
import { v } from "convex/values";
export const a = v.string();
//// two stars with one name: broken
import { defineSchema, defineTable } from "convex/server";
import { a } from "./both";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/both.ts
export * from "./one";
export * from "./two";
//// file convex/one.ts
import { v } from "convex/values";
export const a = v.string();
//// file convex/two.ts
import { v } from "convex/values";
export const a = v.number();
//// two stars with one name, in a namespace: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import * as both from "./both";
export default defineSchema({ t: defineTable({ a: v.literal(Object.keys(both).join()) }) });
//// file convex/both.ts
export * from "./one";
export * from "./two";
//// file convex/one.ts
export const a = 1, b = 1;
//// file convex/two.ts
export const a = 2, c = 3;
//// two stars with one value: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./both";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/both.ts
export * from "./one";
export * from "./two";
//// file convex/one.ts
import { v } from "convex/values";
export const a = v.string();
//// file convex/two.ts
export { a } from "./one";
//// its own name before a star: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./both";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/both.ts
import { v } from "convex/values";
export * from "./one";
export const a = v.any();
//// file convex/one.ts
import { v } from "convex/values";
export const a = v.string();
//// stars in a circle: read
import { defineSchema, defineTable } from "convex/server";
import * as one from "./one";
import { b } from "./one";
export default defineSchema({ t: defineTable({ a: one.a, b }) });
//// file convex/one.ts
import { v } from "convex/values";
export * from "./two";
export const a = v.string();
//// file convex/two.ts
import { v } from "convex/values";
export * from "./one";
export const b = v.number();
//// a name that stars in a circle don't have: broken
import { defineSchema, defineTable } from "convex/server";
import { c } from "./one";
export default defineSchema({ t: defineTable({ c }) });
//// file convex/one.ts
export * from "./two";
//// file convex/two.ts
export * from "./one";
//// a circle of functions: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a";
export default defineSchema({ t: defineTable({ x: a(2) }) });
//// file convex/a.ts
import { b } from "./b";
export const a = (n: number): any => b(n);
//// file convex/b.ts
import { v } from "convex/values";
import { a } from "./a";
export const b = (n: number): any => (n ? v.array(a(n - 1)) : v.string());
//// a circle of values: fails
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.ts
import { v } from "convex/values";
import { b } from "./b";
export const a = v.array(b);
//// file convex/b.ts
import { v } from "convex/values";
import { a } from "./a";
export const b = v.array(a);
//// a circle of imports that is no circle of values: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.ts
import { v } from "convex/values";
import { b } from "./b";
export const text = v.string();
export const a = v.array(b());
//// file convex/b.ts
import { text } from "./a";
export function b() { return text; }
//// a circle in the wrong order: fails
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.ts
import { v } from "convex/values";
import { b } from "./b";
export const text = v.string();
export const a = v.array(b);
//// file convex/b.ts
import { v } from "convex/values";
import { text } from "./a";
export const b = v.array(text);
//// folders, suffixes and indexes: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./deep/folder";
import { b } from "./deep/folder/b.js";
import { c } from "../shared/c.ts";
import { d } from "./d.tsx";
import { e } from "./deep/folder/";
import { f } from "./e.mjs";
import { g } from "./dotted.name";
export default defineSchema({ t: defineTable({ a, b, c, d, e, f, g }) });
//// file convex/deep/folder/index.ts
import { v } from "convex/values";
import { up } from "../..";
export const a = up;
export const e = v.any();
//// file convex/index.ts
export { text as up } from "./text";
//// file convex/text.ts
import { v } from "convex/values";
export const text = v.string();
//// file convex/deep/folder/b.ts
export { text as b } from "../../text.js";
//// file shared/c.ts
export { text as c } from "../convex/text";
//// file convex/d.tsx
import { v } from "convex/values";
export const d = v.number();
//// file convex/e.mts
import { v } from "convex/values";
export const f = v.bytes();
//// file convex/dotted.name.ts
import { v } from "convex/values";
export const g = v.boolean();
//// JSON: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import kinds from "./kinds.json";
import { level } from "./kinds.json";
export default defineSchema({ t: defineTable({ a: v.union(...kinds.names.map((n: string) => v.literal(n))), b: v.literal(level), c: v.literal(Object.keys(kinds).join()) }) });
//// file convex/kinds.json
{ "names": ["x", "y\ud83d\ude00"], "level": 3, "2": null, "1": 1.5e3 }
//// tsconfig paths: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "@/lib/a";
import { b } from "~lib";
import { c } from "src/c";
import { d } from "@/lib/deep/d";
export default defineSchema({ t: defineTable({ a, b, c, d }) });
//// file tsconfig.json
{
  // comments, and a comma at the end
  "extends": "./base",
  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./missing/*", "src/*"], "~lib": ["src/lib/b.ts"], "@/lib/deep/*": ["src/deep/*"], }, },
}
//// file base.json
{ "compilerOptions": { "paths": { "~lib": ["nowhere"] } } }
//// file src/lib/a.ts
import { v } from "convex/values";
export const a = v.string();
//// file src/lib/b.ts
import { v } from "convex/values";
export const b = v.number();
//// file src/c.ts
import { v } from "convex/values";
export const c = v.any();
//// file src/deep/d.ts
import { v } from "convex/values";
export const d = v.bytes();
//// tsconfig extends: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "@/a";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/tsconfig.json
{ "extends": ["../config/one.json", "../config/two"], "compilerOptions": { "strict": true } }
//// file config/one.json
{ "compilerOptions": { "paths": { "@/*": ["../lib/*"] } } }
//// file config/two.json
{ "compilerOptions": { "target": "esnext" } }
//// file lib/a.ts
import { v } from "convex/values";
export const a = v.string();
//// tsconfig of a package: refused
import { defineSchema, defineTable } from "convex/server";
import { a } from "@/a";
export default defineSchema({ t: defineTable({ a }) });
//// file tsconfig.json
{ "extends": "@tools/config/base.json" }
//// file node_modules/@tools/config/base.json
{ "compilerOptions": { "paths": { "@/*": ["../../../lib/*"] } } }
//// file lib/a.ts
import { v } from "convex/values";
export const a = v.string();
//// a package in node_modules: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "pack";
import { b } from "pack/sub/b";
import { c } from "@scope/plain/c";
import d from "@scope/plain";
export default defineSchema({ t: defineTable({ a, b, c, d }) });
//// file node_modules/pack/package.json
{ "name": "pack", "main": "wrong.js", "exports": { ".": { "types": "./a.d.ts", "require": "./a.cjs", "import": "./a.js" }, "./sub/*": { "default": "./lib/*.js" } } }
//// file node_modules/pack/a.js
import { v } from "convex/values";
export const a = v.string();
//// file node_modules/pack/lib/b.js
import { v } from "convex/values";
export const b = v.number();
//// file node_modules/@scope/plain/package.json
{ "name": "@scope/plain", "module": "./d.mjs", "main": "x.js" }
//// file node_modules/@scope/plain/d.mjs
import { v } from "convex/values";
export default v.any();
//// file node_modules/@scope/plain/c.js
import { v } from "convex/values";
export const c = v.bytes();
//// the longest pattern of exports: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "pack/lib/a";
import { b } from "pack/b";
export default defineSchema({ t: defineTable({ a, b }) });
//// file node_modules/pack/package.json
{ "name": "pack", "exports": { "./*": "./short/*.js", "./lib/*": "./long/*.js" } }
//// file node_modules/pack/short/lib/a.js
export const a = 1;
//// file node_modules/pack/short/b.js
import { v } from "convex/values";
export const b = v.number();
//// file node_modules/pack/long/a.js
import { v } from "convex/values";
export const a = v.string();
//// a package that exports no such path: fails
import { defineSchema, defineTable } from "convex/server";
import { a } from "pack/hidden";
export default defineSchema({ t: defineTable({ a }) });
//// file node_modules/pack/package.json
{ "name": "pack", "exports": { ".": "./index.js", "./hidden": null } }
//// file node_modules/pack/hidden.js
import { v } from "convex/values";
export const a = v.string();
//// a module that is not there: fails
import { defineSchema, defineTable } from "convex/server";
import { a } from "./missing";
export default defineSchema({ t: defineTable({ a }) });
//// a module that is not there and not used: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { a } from "not-installed";
export const unused = () => a();
export default defineSchema({ t: defineTable({ b: v.string() }) });
//// a name that a module does not export: broken
import { defineSchema, defineTable } from "convex/server";
import { missing } from "./a";
export default defineSchema({ t: defineTable({ missing }) });
//// file convex/a.ts
import { v } from "convex/values";
const missing = v.string();
export const a = missing;
//// destructured exports: read
import { defineSchema, defineTable } from "convex/server";
import { a, b, rest, first } from "./a";
export default defineSchema({ t: defineTable({ a, b, ...rest, first }) });
//// file convex/a.ts
import { v } from "convex/values";
export const { a, x: b, ...rest } = { a: v.string(), x: v.number(), c: v.any() }, [first] = [v.bytes()];
//// destructured exports that can't be told: fails
import { defineSchema, defineTable } from "convex/server";
import { a, b } from "./a";
export default defineSchema({ t: defineTable({ a, b }) });
//// file convex/a.ts
export const [a, b] = (null as any)();
//// names as strings: read
import { defineSchema, defineTable } from "convex/server";
import { "a b" as ab } from "./a";
export default defineSchema({ t: defineTable({ ab }) });
//// file convex/a.ts
import { v } from "convex/values";
const x = v.string();
export { x as "a b" };
//// export of a function by default: read
import { defineSchema, defineTable } from "convex/server";
import make from "./make";
import other from "./other";
export default defineSchema({ t: defineTable({ a: make(), b: other() }) });
//// file convex/make.ts
import { v } from "convex/values";
export default function make() { return v.string(); }
//// file convex/other.ts
import { v } from "convex/values";
export default () => v.number();
//// a nameless function by default: read
import { defineSchema, defineTable } from "convex/server";
import make from "./make";
export default defineSchema({ t: defineTable({ a: make() }) });
//// file convex/make.ts
import { v } from "convex/values";
export default function () { return v.string(); }
//// dynamic imports: fails
import { defineSchema, defineTable } from "convex/server";
const { a } = import("./a") as any;
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.ts
import { v } from "convex/values";
export const a = v.string();
//// await at the top: refused
import { defineSchema, defineTable } from "convex/server";
const { a } = await import("./a");
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.ts
import { v } from "convex/values";
export const a = v.string();
//// import equals: refused
import { defineSchema, defineTable } from "convex/server";
import values = require("convex/values");
export default defineSchema({ t: defineTable({ a: values.v.string() }) });
//// export before the declaration: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
export { t as first };
const t = defineTable({ a: v.string() });
export default defineSchema({ t });
//// a schema in JavaScript with types in comments: read
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a.js";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.js
import { v } from "convex/values";
/** @type {any} */
export const a = v.string();
//// CommonJS: refused
import { defineSchema, defineTable } from "convex/server";
import { a } from "./a.cjs";
export default defineSchema({ t: defineTable({ a }) });
//// file convex/a.cjs
const { v } = require("convex/values");
exports.a = v.string();
//// types in a namespace: read
import { defineSchema } from "convex/server";
import * as tables from "./tables";
export default defineSchema(tables);
//// file convex/tables.ts
import { defineTable } from "convex/server";
type Local = string;
interface Other {}
export const t = defineTable({});
export { Local, Other };
