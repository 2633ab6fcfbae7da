//// ternaries and logical operators: read
const flag = true, none = null, zero = 0, empty = "";
const fields = {
  a: flag ? v.string() : v.number(),
  b: v.literal(none ?? "b"),
  c: v.literal(zero || "c"),
  d: v.literal(zero ?? "d"),
  e: v.literal((flag && "e") as string),
  f: v.literal(empty && "never" ? 1 : 2),
};
//// conditional spreads: read
const on = true as boolean;
const fields = { a: v.string(), ...(on && { b: v.string() }), ...(!on && { c: v.string() }), ...(on ? {} : { d: v.any() }) };
//// arithmetic: read
const fields = {
  a: v.literal(1 + 2 * 3 - 4 / 2),
  b: v.literal(-7 % 3),
  c: v.literal(2 ** 10),
  d: v.literal(0.1 + 0.2),
  e: v.literal(7 % -3),
  f: v.literal(1 / 3),
};
//// minus zero: read
const fields = { a: v.literal(-0), b: v.literal(0), c: v.literal(0 * -1) };
//// big literals of numbers: read
const fields = { a: v.literal(1e21), b: v.literal(1e300), c: v.literal(5e-324), d: v.literal(2 ** 53 + 2), e: v.literal(1.5e-7) };
//// bigints: read
const fields = { a: v.literal(1n), b: v.literal(-5n), c: v.literal(0xffn), d: v.literal(9223372036854775807n), e: v.literal(BigInt(7)), f: v.literal(`${12n}`) };
//// bigints that are too large: fails
const fields = { a: v.literal(9223372036854775808n) };
//// arithmetic of bigints: refused
const fields = { a: v.literal(1n + 2n) };
//// BigInt of what is no number: fails
const fields = { a: v.literal(BigInt(NaN)) };
//// BigInt of infinity: fails
const fields = { a: v.literal(BigInt(Infinity)) };
//// BigInt of a boolean: read
const fields = { a: v.literal(BigInt(true)) };
//// literals that are no finite numbers: refused
const fields = { a: v.literal(NaN) };
//// plus of a string and others: read
const fields = { a: v.literal("a" + 1 + true + null + undefined), b: v.literal(1 + 2 + "c") };
//// plus of an array: refused
const fields = { a: v.literal("a" + ([1, 2] as any)) };
//// plus of booleans: refused
const fields = { a: v.literal((true as any) + 1) };
//// a string as a number: refused
const fields = { a: v.literal(+"5") };
//// comparisons: read
const fields = {
  a: v.literal(1 < 2), b: v.literal("B" < "a"), c: v.literal("\u{1f600}" < "\uffff"), d: v.literal(2 >= 3),
  e: v.literal(NaN === NaN), f: v.literal(null === undefined), g: v.literal((null as any) == undefined), h: v.literal(0 === -0),
  i: v.literal((0 as any) == null), j: v.literal(NaN !== NaN), k: v.literal(NaN > 1),
};
//// comparison of two kinds: refused
const fields = { a: v.literal(("1" as any) == 1) };
//// typeof: read
const fields = {
  a: v.literal(typeof "a"), b: v.literal(typeof 1), c: v.literal(typeof undefined), d: v.literal(typeof null),
  e: v.literal(typeof (() => 1)), f: v.literal(typeof {}), g: v.literal(typeof 1n), h: v.literal(typeof v.string()),
  i: v.literal(typeof v.string), j: v.literal(typeof true),
};
//// typeof of what is not declared: refused
const fields = { a: v.literal(typeof window) };
//// bitwise operators: refused
const fields = { a: v.literal(1 | 2) };
//// instanceof: refused
const fields = { a: v.literal([] instanceof Array) };
//// void and sequences: read
const fields = { a: v.literal((1, "x")), b: v.literal((void 0 as any) ?? "u") };
//// templates: read
const n = 5;
const fields = { a: v.literal(`a${n}b${`c${"d"}`}`), b: v.literal(`\n\t\\\`\${}\u0041\x41\u{1F600}`), c: v.literal(`two
lines`) };
//// escapes: read
const fields = { a: v.literal("\n\t\r\b\f\v\0\\\'\"\u00e9\u{1f600}\ud83d\ude00\q\
continued") };
//// tagged templates: refused
const fields = { a: v.literal(String.raw`a\n`) };
//// halves joined: refused
const fields = { a: v.literal("\ud83d" + "\ude00") };
//// regular expressions: refused
const fields = { a: /x/.test("x") ? v.string() : v.number() };
//// logical assignments: read
let a: any = null, b: any = "b", c: any = "c";
a ??= "a"; b ||= "never"; c &&= "d";
const fields = { a: v.literal(a), b: v.literal(b), c: v.literal(c) };
//// augmented assignments: read
let n = 1, s = "s";
n += 2; n *= 5; n -= 1; s += n; n++; --n;
const fields = { n: v.literal(n), s: v.literal(s) };
//// the result of an assignment: read
let n = 0, m = 0;
const fields = { a: v.literal((n = 5)), b: v.literal(n++), c: v.literal(++n), d: v.literal((m += 2)) };
//// the place of an assignment is found once: read
let i = 0;
const list: any[] = [10, 20, 30];
list[i++] += 5;
list[i++]++;
list[i++] = i;
const fields = { a: v.literal(list.join()), i: v.literal(i) };
//// the place of an assignment is found first: read
const log: string[] = [];
const at = (x: any) => { log.push(x); return x; };
const o: any = {};
o[at("key")] = at("value");
const fields = { a: v.literal(log.join()) };
