//// map, filter, flat, flatMap, concat, slice: read
const kinds = ["a", "b", "c", "d"];
const fields = {
  a: v.union(...kinds.map((kind) => v.literal(kind))),
  b: v.union(...kinds.filter((kind, i) => kind !== "b" && i < 3).map((kind) => v.literal(kind))),
  c: v.union(...kinds.slice(1, -1).concat("e", ["f"]).map((kind) => v.literal(kind))),
  d: v.union(...kinds.flatMap((kind) => [kind, kind + kind]).map((kind) => v.literal(kind))),
  e: v.union(...[["x"], ["y"], "z"].flat().map((kind) => v.literal(kind as string))),
  f: v.union(...kinds.slice(-2).map((kind) => v.literal(kind))),
  g: v.union(...[...kinds].reverse().map((kind) => v.literal(kind))),
};
//// reduce, find, some, every, includes, indexOf, join, at: read
const list = ["c", "a", "b"];
const fields = {
  a: v.literal(list.reduce((all, one) => all + one)),
  b: v.literal(list.reduce((all, one, i) => all + one + i, "-")),
  c: v.literal(list.find((one) => one < "c")!),
  d: v.literal(list.some((one) => one === "x")),
  e: v.literal(list.every((one) => one.length === 1)),
  f: v.literal(list.includes("a")),
  g: v.literal(list.indexOf("b")),
  h: v.literal(list.join("|")),
  i: v.literal(list.at(-1)!),
  j: v.literal([...list].sort().join()),
  k: v.literal([1, null, undefined, "x"].join("-")),
  l: v.literal(list.length),
};
//// NaN in an array: read
const fields = { a: v.literal([NaN].includes(NaN)), b: v.literal([NaN].indexOf(NaN)) };
//// where a search begins: refused
const fields = { a: v.literal(["a", "b"].indexOf("a", 1)) };
//// where another search begins: refused
const fields = { a: v.literal(["a", "b"].includes("a", 1)) };
//// some and every stop early: read
const log: string[] = [];
["a", "b", "c"].some((x) => { log.push(x); return x === "b"; });
["d", "e"].every((x) => { log.push(x); return false; });
const fields = { a: v.literal(log.join("")) };
//// an array that grows in forEach: read
const list = ["a", "b"];
list.forEach((x) => { list.push(x + x); });
const fields = { a: v.literal(list.join()) };
//// an array that grows in map: read
const list = ["a", "b"];
const made = list.map((x) => { list.push(x); return x + list.length; });
const fields = { a: v.literal(made.join()), n: v.literal(list.length) };
//// an array that grows in a loop: read
const list = ["a"];
for (const x of list) if (list.length < 5) list.push(x + list.length);
const fields = { a: v.literal(list.join()) };
//// items that change in forEach: read
const list = ["a", "b"];
const seen: string[] = [];
list.forEach((x, i) => { list[1] = "z"; seen.push(x + i); });
const fields = { a: v.literal(seen.join()) };
//// items that change in reduce: read
const list = ["a", "b"];
const all = list.reduce((sum, x) => { list[1] = "z"; return sum + x; }, "");
const fields = { a: v.literal(all) };
//// sort with a function: refused
const fields = { a: v.literal(["b", "a"].sort((x, y) => (x < y ? -1 : 1)).join()) };
//// sort of numbers: refused
const fields = { a: v.literal([10, 9].sort().join()) };
//// sort by code units: read
const fields = { a: v.literal(["\uffff", "\u{1f600}", "a", "B"].sort().join(" ")) };
//// holes: refused
const fields = { a: v.literal([1, , 2].length) };
//// a comma at the end: read
const fields = { a: v.literal([1, 2, ].length), b: v.literal([...[1, 2], ].length), c: v.literal([...[],].length) };
//// a hole after an empty spread: refused
const fields = { a: v.literal([...[], ,].length) };
//// entries and values: read
const fields = {
  a: v.literal([...["x", "y"].entries()].map(([i, x]) => i + x).join()),
  b: v.literal([...["x", "y"].values()].join()),
  c: v.literal(Array.from(["p", "q"].entries(), ([i, x]) => x + i).join()),
};
//// entries are no array: refused
const fields = { a: v.literal(Array.isArray(["x"].entries())), b: v.literal((["x"].entries() as any).length ?? "none") };
//// entries are used up: read
const entries = ["x"].values();
const fields = { a: v.literal([...entries].length), b: v.literal([...entries].length) };
//// Array.from, of, isArray: read
const fields = {
  a: v.literal(Array.from({ length: 3 }, (_, i) => i * 2).join()),
  b: v.literal(Array.of(1, 2).length),
  c: v.literal(Array.isArray([])),
  d: v.literal(Array.isArray("x")),
  e: v.literal(Array.from("abc").join("-")),
  f: v.literal(Array.from(new Set(["a", "a", "b"])).join()),
};
//// sets: read
const set = new Set(["a", "b", "a"]);
const fields = { a: v.literal(set.size), b: v.literal(set.has("a")), c: v.union(...[...set].map((x) => v.literal(x))) };
//// a set without a member: refused
const fields = { a: v.literal((new Set(["a"]) as any).has()) };
//// a set that grows: read
const set = new Set<string>();
set.add("a");
const fields = { a: v.literal(set.size) };
//// maps: read
const map = new Map([["a", v.string()]]);
const fields = { a: map.get("a")! };
//// push, and assignments to items: read
const list: any[] = [];
list.push("a", "b");
list[2] = "c";
list[0] = "z";
const fields = { a: v.literal(list.join()), b: v.literal(list.push("q")) };
//// pop, shift, unshift, splice: refused
const list = ["a", "b"];
list.pop();
const fields = { a: v.literal(list.join()) };
//// the length is set: refused
const list = ["a", "b"];
list.length = 1;
const fields = { a: v.literal(list.join()) };
//// methods of strings: read
const s = " user_Profile_x ";
const fields = {
  a: v.literal(s.trim().toUpperCase() + s.toLowerCase()), b: v.literal(s.split("_").join("-")),
  c: v.literal(s.replace("_", "") + s.replaceAll("_", "+")), d: v.literal(s.slice(1, 5) + s.slice(-3)),
  e: v.literal(s.charAt(1) + s[2] + s.charAt(99)), f: v.literal(s.length), g: v.literal(s.startsWith(" us")),
  h: v.literal(s.endsWith("x")), i: v.literal(s.includes("Pro")), j: v.literal("ab".repeat(3)), k: v.literal("a".concat("b", 1 as any)),
  l: v.literal([..."abc"].join()), m: v.literal("abc".split("").join()), n: v.literal((5).toString() + "x".toString()),
};
//// arguments that toString ignores: read
const fields = { a: v.literal(("x" as any).toString(1)) };
//// a number with a radix: refused
const fields = { a: v.literal((5).toString(2)) };
//// characters beyond the first plane: refused
const fields = { a: v.literal("\u{1f600}".length) };
//// characters of a string beyond the first plane: read
const fields = { a: v.literal([..."\u{1f600}b"].length) };
//// upper case beyond ASCII: refused
const fields = { a: v.literal("stra\u00dfe".toUpperCase()) };
//// replace with a pattern: refused
const fields = { a: v.literal("aa".replace("a", "$&$&")) };
//// a member that arrays have and the reader does not: refused
const fields = { a: v.literal(["a", "b"].findIndex((x) => x === "b")) };
//// nested arrays as text: refused
const fields = { a: v.literal([["a"], ["b"]].join()) };
//// destructured: read
const [a, [b = "B", ...rest], { c, d: { e = "E" } = {} as any, ...others }] = ["a", [undefined, "x", "y"], { c: "c", f: "f", g: "g" }] as any;
const fields = { a: v.literal([a, b, ...rest, c, e, others.f, Object.keys(others).join()].join(" ")) };
//// destructured with holes: read
const [, b] = ["a", "b"];
const [c, , d] = ["a", "b", "c"];
const fields = { b: v.literal(b), c: v.literal(c + d) };
//// destructured from undefined: fails
const { a } = undefined as any;
const fields = { a: v.literal(a) };
//// destructured with an assignment: refused
let a = "a", b = "b";
[a, b] = [b, a];
const fields = { a: v.literal(a), b: v.literal(b) };
//// destructured strings and computed names: read
const key = "k";
const { [key]: x, length } = { k: "v", length: 4 } as any;
const [p, q] = "pq";
const fields = { a: v.literal(x + length + p + q) };
