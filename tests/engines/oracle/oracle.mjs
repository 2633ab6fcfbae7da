// Answers questions, one JSON text a line, from npm's `convex-test`: the vendor's own mock of the
// server. Values are in the encoded form; `{"$ref": name}` is the id of an inserted document and
// `{"$time": name}` its creation time.
//
//   {"schema": <convex-json>}                           an empty database
//   {"transaction": {"steps": [step…], "fails": bool}}  the answers of the steps
//   {"compare": [[left, right]…]}                       -1, 0 or 1 each, `$undefined` allowed
//
// A step is one of insert, get, patch, replace, delete, query, page, nested; its answer is
// {"ok": …} or {"error": text}. A failing step changes nothing, and the next one is taken.

import { createInterface } from "node:readline";
import { convexTest } from "convex-test";
import { mutationGeneric } from "convex/server";
import { compareValues, jsonToConvex } from "convex/values";

class Rollback extends Error {}

let database = null;
let documents = new Map(); // by name: {id, time}
let nestedWork = null; // what the next nested mutation does

const modules = {
  "./convex/_generated/api.js": async () => ({}),
  "./convex/nested.js": async () => ({
    default: mutationGeneric({ handler: () => nestedWork() }),
  }),
};

function open(schema) {
  // Only what convex-test asks of a schema.
  const tables = Object.fromEntries(
    schema.tables.map((table) => [table.tableName, { export: () => table }]),
  );
  const { schemaValidation } = schema;
  database = convexTest({ schema: { schemaValidation, tables }, modules });
  documents = new Map();
}

function resolved(value) {
  if (Array.isArray(value)) return value.map(resolved);
  if (value === null || typeof value !== "object") return value;
  if ("$ref" in value) return documents.get(value.$ref).id;
  if ("$time" in value) return documents.get(value.$time).time;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, resolved(inner)]),
  );
}

async function call(name, argument) {
  return JSON.parse(
    await globalThis.Convex.asyncSyscall(`1.0/${name}`, JSON.stringify(argument)),
  );
}

async function asNested(work) {
  nestedWork = work;
  const mutation = { udfType: "mutation", name: "nested:default", args: {} };
  await call("runUdf", mutation);
}

const actions = {
  async insert({ name, table, value }) {
    const { _id: id } = await call("insert", { table, value });
    const { _creationTime: time } = await call("get", { id });
    documents.set(name, { id, time });
    return id;
  },
  get: (id) => call("get", { id }),
  patch: (change) => call("shallowMerge", change),
  replace: (change) => call("replace", change),
  delete: (id) => call("remove", { id }),
  async query(query) {
    const argument = JSON.stringify({ query });
    const stream = globalThis.Convex.syscall("1.0/queryStream", argument);
    const { queryId } = JSON.parse(stream);
    const found = [];
    for (;;) {
      const { value, done } = await call("queryStreamNext", { queryId });
      if (done) return found;
      found.push(value);
    }
  },
  async page(page) {
    let found; // one page in each function is allowed
    await asNested(async () => {
      found = await call("queryPage", page);
      return null;
    });
    return found;
  },
  async nested(transaction) {
    let answers;
    try {
      await asNested(async () => {
        answers = await taken(transaction.steps);
        if (transaction.fails) throw new Rollback();
        return null;
      });
    } catch (error) {
      if (!(error instanceof Rollback)) throw error;
    }
    return answers;
  },
};

async function taken(steps) {
  const answers = [];
  for (const step of steps) {
    const [[action, argument]] = Object.entries(step);
    try {
      const given = action === "nested" ? argument : resolved(argument);
      answers.push({ ok: await actions[action](given) });
    } catch (error) {
      answers.push({ error: String(error?.message ?? error) });
    }
  }
  return answers;
}

async function run({ steps, fails }) {
  let answers; // what `run` returns would have to be a Convex value
  try {
    await database.run(async () => {
      answers = await taken(steps);
      if (fails) throw new Rollback();
      return null;
    });
  } catch (error) {
    if (!(error instanceof Rollback)) throw error;
  }
  return answers;
}

function read(value) {
  const isUndefined = value !== null && typeof value === "object" && "$undefined" in value;
  return isUndefined ? undefined : jsonToConvex(value);
}

async function answer(question) {
  if (question.schema) return open(question.schema) ?? null;
  if (question.transaction) return run(question.transaction);
  return question.compare.map(([left, right]) =>
    Math.sign(compareValues(read(left), read(right))),
  );
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
}
