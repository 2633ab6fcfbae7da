//// spreads and shorthand: read
const name = v.string();
const base = { name, age: v.number() };
const fields = { ...base, name: v.optional(name), ...{}, ...null, ...undefined, ...false };
//// later properties keep the place of the first: read
const fields = { ...{ a: v.string(), b: v.number() }, c: v.any(), a: v.bytes() };
//// keys like integers come first: read
const fields = { b: v.string(), 10: v.number(), a: v.any(), 9: v.null(), "01": v.bytes() };
export default defineSchema({ t: defineTable({ r: v.object(fields) }) });
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
//// computed and quoted keys: read
const key = "two";
const fields = { "one": v.string(), [key]: v.string(), [`${key}_b`]: v.number(), ["c" + 1]: v.any() };
//// numbers as keys: refused
const fields = { [`k${1e21}`]: v.string() };
//// large numbers as keys: read
const fields = { [`k${123456789012345680000}`]: v.string(), [`k${2 ** 60}`]: v.string(), [`k${0.1 + 0.2}`]: v.any() };
//// numbers as text: read
const fields = { a: v.literal(`${-0} ${1.5} ${1e20} ${0xff} ${1_000} ${NaN} ${-Infinity} ${1e-6} ${0.000123} ${5e15 + 0.5}`) };
//// a prototype in a literal: refused
const proto = { __proto__: { a: v.string() }, b: v.string() };
const fields = { b: proto.b };
//// a computed key of the name __proto__: read
const fields = { a: v.object({ b: v.string() }), c: v.literal(String(Object.keys({ ["__proto__"]: 1 }).length)) };
//// what every object has: refused
const fields = { a: "toString" in {} ? v.string() : v.number() };
//// what every object has, of another kind: refused
const fields = { a: ({} as any).__lookupGetter__ ? v.string() : v.number() };
//// hasOwnProperty: read
const o: any = { a: 1, 2: 3 };
const fields = {
  x: v.literal(o.hasOwnProperty("a")),
  y: v.literal(o.hasOwnProperty("toString")),
  z: v.literal(o.hasOwnProperty(2)),
};
//// hasOwnProperty of nothing: refused
const fields = { x: v.literal(({} as any).hasOwnProperty()) };
//// in: read
const o = { a: undefined };
const fields = { a: v.literal("a" in o), b: v.literal("b" in o) };
//// in an array: refused
const fields = { a: v.literal("0" in ["x"]) };
//// getters: refused
const o = { get a() { return v.string(); } };
const fields = { a: o.a };
//// a getter that is not used: read
const o = { get a() { return v.string(); }, b: v.number() };
const fields = { b: o.b };
//// methods: read
const make = { text() { return v.string(); }, of(x: any) { return v.array(x); } };
const fields = { a: make.text(), b: make.of(make.text()) };
//// this: read
const make = { kind: "x", text() { return v.literal(this.kind); } };
const fields = { a: make.text() };
//// async methods: fails
const make = { async text() { return v.string(); } };
const fields = { a: make.text() };
//// undefined fields: fails
const fields = { a: v.string(), b: undefined };
//// spreads that bring undefined: fails
const fields = { a: v.string(), ...{ a: undefined } };
//// not a validator: fails
const fields = { a: "string" };
//// a class that is called: fails
class Fields { a = v.string() }
const fields = { a: (Fields as any)().a };
//// a class: read
class Fields { static a = v.string(); }
const fields = { a: Fields.a };
//// as, satisfies, exclamation marks, type arguments: read
const kinds = ["a", "b"] as const;
const fields = {
  a: (v.literal(kinds[0]) as any)!,
  b: v.literal(kinds[1]) satisfies any,
  c: v.id<"t">("t"),
  d: <any>v.string(),
};
//// Object.keys, values, entries, fromEntries: read
const o = { b: "x", a: "y", 1: "z" };
const fields = {
  ...Object.fromEntries(Object.keys(o).map((key) => [`k${key}`, v.string()])),
  ...Object.fromEntries(Object.entries(o).map(([key, value]) => [value + key, v.literal(value)])),
  all: v.union(...Object.values(o).map((value) => v.literal(value))),
};
//// Object.assign, freeze: read
const base = Object.freeze({ a: v.string() });
const target: any = { z: v.any() };
const made = Object.assign(target, base, { b: v.number() }, null);
const fields = { ...made, same: v.literal(made === target), count: v.literal(Object.keys(target).length) };
//// Object.keys of arrays: read
const fields = { a: v.literal(Object.keys(["x", "y"]).join()), ...Object.fromEntries(Object.entries(["p"]).map(([k, p]) => [p + k, v.any()])) };
//// Object.keys of a validator: refused
const fields = { a: v.literal(Object.keys(v.string()).length) };
//// a spread of a validator: refused
const fields = { a: v.literal("kind" in { ...v.string() }) };
//// a loop over a validator: refused
let count = 0;
for (const _ in v.string()) count += 1;
const fields = { a: v.literal(count) };
//// what is inherited by a validator: refused
const fields = { a: (v.string() as any).valueOf ? v.string() : v.number() };
//// what a validator does not have: read
const fields = { a: (v.string() as any).fields ? v.string() : v.number() };
//// a spread of a set: read
const fields = { a: v.string(), ...(new Set(["a"]) as any) };
//// delete: read
const o: any = { a: v.string(), b: v.number(), c: v.any() };
delete o.a;
o.a = v.bytes();
delete o["b"];
const fields = o;
//// JSON.stringify: refused
const fields = { a: v.literal(JSON.stringify({ a: 1 })) };
//// Object.create: refused
const fields = Object.assign(Object.create(null), { a: v.string() });
//// structuredClone: refused
const fields = structuredClone({}) && { a: v.string() };
//// optional chaining: read
const o: any = { a: { b: "x" }, n: null };
const fields = {
  a: v.literal(o?.a?.b),
  b: v.literal(o.c?.d ?? "none"),
  c: v.literal(o.n?.d ?? "none"),
  d: v.literal(o.f?.() ?? "none"),
  e: v.literal(o?.["a"].b),
};
//// optional chaining that ends a call: read
const o: any = {};
const fields = { a: v.literal(o.x?.y() ?? "none") };
//// optional chaining before what is not there: fails
const o: any = { a: {} };
const fields = { a: v.literal(o.a?.missing() ?? "none") };
//// equal keys of a spread array: read
const fields: any = { ...["a", "b"].map(() => v.string()) };
export default defineSchema({ t: defineTable({ o: v.object({ x: v.any() }), n: v.literal(Object.keys(fields).join()) }) });
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
