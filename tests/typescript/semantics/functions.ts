//// arrow functions, declarations, expressions: read
const list = (x: any) => v.array(x);
function maybe(x: any) { return v.optional(x); }
const text = function () { return v.string(); };
const fields = { a: list(maybe2(text())), b: maybe(text()), c: (() => v.any())() };
function maybe2(x: any) { return x; }
//// default parameters, rest: read
const f = (a: string, b = a + "!", ...rest: string[]) => v.literal([a, b, ...rest].join());
const fields = { a: f("x"), b: f("x", undefined), c: f("x", "y", "z", "w"), d: f("x", null as any) };
//// destructured parameters: read
const f = ({ kind, of: { inner = "i" } = {} as any, ...rest }: any, [first]: any = ["f"]) => v.literal(kind + inner + first + Object.keys(rest).join());
const fields = { a: f({ kind: "k", z: 1 }), b: f({ kind: "k", of: { inner: "j" } }, ["g"]) };
//// overloads and generics: read
function f(a: string): any;
function f(a: number): any;
function f<T>(a: T) { return typeof a === "string" ? v.string() : v.number(); }
const fields = { a: f("x"), b: f(1) };
//// if and else: read
function f(kind: string) {
  if (kind === "s") return v.string();
  else if (kind === "n") { return v.number(); }
  else { const made = v.any(); return made; }
}
const fields = { a: f("s"), b: f("n"), c: f("x") };
//// switch: read
function f(kind: string) {
  let made = "";
  switch (kind) {
    case "a": made += "a";
    case "b": { made += "b"; break; }
    default: made += "d";
    case "c": made += "c";
  }
  return v.literal(made);
}
const fields = { a: f("a"), b: f("b"), c: f("c"), d: f("z") };
//// switch in a loop: read
function f() {
  let made = "";
  for (const x of ["a", "b", "c"]) {
    switch (x) { case "a": continue; case "b": break; default: return v.literal(made + x); }
    made += x;
  }
}
const fields = { a: f()! };
//// for loops: read
const made: any = {};
for (let i = 0; i < 3; i++) { if (i === 1) continue; made[`f${i}`] = v.literal(i); }
for (const key of ["x", "y", "z"]) { if (key === "z") break; made[key] = v.string(); }
for (const key in { p: 1, q: 2 }) made[key] = v.number();
const fields = made;
//// while loops: read
let i = 0, made = "";
while (i < 3) { i++; if (i === 2) continue; made += i; }
do { made += "d"; } while (i > 5);
const fields = { a: v.literal(made) };
//// labels: refused
let made = "";
outer: for (const x of ["a", "b"]) { for (const y of ["c", "d"]) { if (y === "d") continue outer; made += x + y; } }
const fields = { a: v.literal(made) };
//// closures of a let in a loop: read
const list: any[] = [];
for (let i = 0; i < 3; i++) list.push(() => i);
const fields = { a: v.literal(list.map((f) => f()).join()) };
//// closures of a var in a loop: read
const list: any[] = [];
for (var i = 0; i < 3; i++) list.push(() => i);
const fields = { a: v.literal(list.map((f) => f()).join()) };
//// closures of a const in a loop: read
const list: any[] = [];
for (const x of ["a", "b"]) list.push(() => x);
const fields = { a: v.literal(list.map((f) => f()).join()) };
//// a loop with a variable from outside: refused
let x = "";
for (x of ["a", "b"]) {}
const fields = { a: v.literal(x) };
//// recursion: read
const deep = (n: number): any => (n === 0 ? v.string() : v.array(deep(n - 1)));
const fields = { a: deep(5), b: deep(0) };
//// mutual recursion: read
function even(n: number): boolean { return n === 0 || odd(n - 1); }
function odd(n: number): boolean { return n !== 0 && even(n - 1); }
const fields = { a: v.literal(even(6)) };
//// a function expression that calls itself: refused
const fields = { a: v.literal((function f(n: number): number { return n && f(n - 1); })(2)) };
//// shadowing: read
const name = "outer";
function f(name: string) { { const name = "block"; } return name; }
function g() { const name = "inner"; return (() => name)(); }
const fields = { a: v.literal(f("arg") + g() + name) };
//// var in a block: read
const x = "outer";
function f(on: boolean) { if (on) { var x = "inner"; } return x; }
const fields = { a: v.literal(f(true)!), b: v.literal(f(false) ?? "undefined") };
//// var after its use: read
const x = "outer";
function f() { const before = x; var x = "inner"; return before; }
const fields = { a: v.literal(f() ?? "undefined") };
//// var without a value: read
function f(x: string) { var x; return x; }
function g() { var y = "y"; var y; return y; }
const fields = { a: v.literal(f("arg") + g()) };
//// const before its value: fails
const x = "outer";
function f() { const before = x; const x = "inner"; return before; }
const fields = { a: v.literal(f()) };
//// const before its value in a closure: read
function f() { const get = () => x; const x = "inner"; return get(); }
const fields = { a: v.literal(f()) };
//// a default that hides: read
const x = "outer";
const f = (a = x) => { const x = "inner"; return a; };
const fields = { a: v.literal(f()) };
//// functions declared in blocks: read
function f() { if (true) { return inner(); function inner() { return "i"; } } }
const fields = { a: v.literal(f()!) };
//// functions declared in a case: refused
function f() { switch (1) { default: return inner(); function inner() { return "i"; } } }
const fields = { a: v.literal(f()) };
//// hoisting at the top: read
const fields = { a: text() };
function text() { return v.string(); }
//// a constant before it is declared: fails
const fields = { a: text };
const text = v.string();
//// a function that needs a constant before it is declared: fails
const fields = { a: make() };
function make() { return text; }
const text = v.string();
//// throw: fails
function f(): any { throw new Error("no"); }
const fields = { a: f() };
//// try: refused
function f() { try { return v.string(); } catch { return v.number(); } }
const fields = { a: f() };
//// async: fails
const f = async () => v.string();
const fields = { a: f() as any };
//// generators: refused
function* f() { yield v.string(); }
const fields = { a: [...f()][0] };
//// call, apply, bind: refused
const f = (a: any) => v.literal(a);
const fields = { a: f.call(null, "x") };
//// arguments: refused
function f() { return v.literal(arguments.length); }
const fields = { a: (f as any)(1, 2) };
//// the name of a function: refused
const f = () => 1;
const fields = { a: v.literal(f.name) };
//// functions as values: read
const makers = { s: v.string, n: v.number, list: (x: any) => v.array(x) };
const { string, optional: opt } = v;
const fields = { a: makers.s(), b: makers.list(makers.n()), c: opt(string()), d: v["boolean"]() };
//// functions of other functions: read
const twice = (f: any) => (x: any) => f(f(x));
const fields = { a: twice(v.array)(v.string()), b: ["x", "y"].map(v.literal)[1] };
//// immediately called: read
const fields = (() => { const made: any = {}; for (const k of ["a", "b"]) made[k] = v.string(); return made; })();
//// classes: read
class Maker { static text() { return v.string(); } }
const fields = { a: Maker.text() };
//// new of a class: read
class Maker { make() { return v.string(); } }
const fields = { a: new Maker().make() };
//// a function without return: fails
const f = () => { v.string(); };
const fields = { a: f() as any };
//// console: read
console.log("hello", v);
const fields = { a: v.string() };
//// the hidden name of a global: read
const Object = { keys: () => ["mine"] };
const fields = { a: v.literal(Object.keys()[0]) };
//// comments everywhere: read
const fields = /* 1 */ { /* 2 */ a /* 3 */ : /* 4 */ v /* 5 */ . /* 6 */ string /* 7 */ ( /* 8 */ ) /* 9 */ , // 10
  b: v.union( /* a */ v.string(), // b
  v.null() /* c */ ), };
function f( /* none */ ) { /* nothing */ return /* x */ 1 /* y */; }
//// an argument that can't be told and is not used: read
const second = (_: any, b: any) => b;
const fields = { a: second(Date.now(), v.string()) };
//// a function that is replaced: read
function f(): any { return "first"; }
const before = f();
(f as any) = () => "second";
const fields = { a: v.literal(before + f()) };
