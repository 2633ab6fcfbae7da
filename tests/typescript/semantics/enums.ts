//// numeric: read
enum E { A, B, C = 5, D, "E-e" }
const fields = { a: v.literal(E.A), b: v.literal(E.D), c: v.literal(E[5]), d: v.literal(E["E-e"]), k: v.literal(Object.keys(E).join()) };
//// of strings: read
enum Status { Active = "active", Done = `done` }
const fields = { a: v.union(...Object.values(Status).map((s) => v.literal(s))), b: v.literal(Status.Done) };
//// const and exported: read
export const enum Kind { A = "a" }
export enum Level { Low = 1 + 1, High = Low * 2, Both = Low + High, Minus = -1 }
const fields = { a: v.literal(Kind.A), b: v.literal(Level.High), c: v.literal(Level.Both), d: v.literal(Level[-1]) };
//// of another module: read
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { Role } from "./role";
export default defineSchema({ t: defineTable({ a: v.literal(Role.Admin), b: v.union(...Object.values(Role).map((r) => v.literal(r))) }) });
//// file convex/role.ts
export enum Role { Admin = "admin", User = "user" }
//// bits: refused
enum Flags { A = 1 << 0, B = 1 << 1 }
const fields = { a: v.literal(Flags.B) };
//// the length of a text: read
enum E { A = "abc".length, B = 4 }
const fields = { a: v.literal(E.A), b: v.literal(E.B) };
//// its own name inside: refused
enum E { A = 1, B = E.A + 1 }
const fields = { b: v.literal(E.B) };
//// declared twice: refused
enum E { A = "a" }
enum E { B = "b" }
const fields = { a: v.literal(E.A), b: v.literal(E.B) };
//// the same value twice: read
enum E { A = 1, B = 1 }
const fields = { a: v.literal(E[1]), k: v.literal(Object.keys(E).join()) };
//// in a function: refused
function f() { enum E { A = "a" } return v.literal(E.A); }
const fields = { a: f() };
//// declared elsewhere: fails
declare enum E { A }
const fields = { a: v.literal(E.A) };
//// a namespace: refused
namespace N { export const a = "a"; }
const fields = { a: v.literal(N.a) };
//// an enum with a namespace: refused
enum E { A = "a" }
namespace E { export const B = "b"; }
const fields = { a: v.literal(Object.keys(E).join()) };
