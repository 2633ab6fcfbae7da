// A mock of a Convex deployment: its HTTP API, over npm's `convex-test`, which is the vendor's own
// mock of the database. Functions, validators and the encoding of values are real.
//
//   node server.mjs <folder of an app> <instance name> <admin key> [<number of the first table>]
//
// It prints its port, and ends with its standard input. Requests are answered one by one.

import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { convexTest } from "convex-test";
import { makeFunctionReference } from "convex/server";
import { convexToJson, jsonToConvex } from "convex/values";
import { build } from "esbuild";
import { WebSocketServer } from "ws";
import { doAsServersDo } from "./as_servers_do.mjs";
import { paginatedTableDocuments } from "./documents.mjs";
import { Ids } from "./ids.mjs";
import { Snapshots, tableData } from "./snapshots.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const [app, instance, adminKey, firstNumber = "10001"] = process.argv.slice(2);
const GENERATED = `
  export {
    actionGeneric as action,
    internalActionGeneric as internalAction,
    internalMutationGeneric as internalMutation,
    internalQueryGeneric as internalQuery,
    mutationGeneric as mutation,
    queryGeneric as query,
  } from "convex/server";`;

async function load() {
  const source = path.join(app, "convex");
  const files = (await readdir(source)).filter((name) => name.endsWith(".ts"));
  const out = await mkdtemp(path.join(HERE, "app-"));
  try {
    await build({
      entryPoints: files.map((name) => path.join(source, name)),
      outdir: out,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      external: ["convex/*"],
      format: "esm",
      platform: "node",
      plugins: [
        {
          name: "generated",
          setup(build) {
            build.onResolve({ filter: /_generated\/server/ }, () => ({
              path: "server",
              namespace: "generated",
            }));
            build.onLoad({ filter: /.*/, namespace: "generated" }, () => ({
              contents: GENERATED,
              resolveDir: HERE,
            }));
          },
        },
      ],
      logLevel: "error",
    });
    const modules = {};
    for (const name of files) {
      const file = path.join(out, name.replace(/\.ts$/, ".mjs"));
      modules[name.replace(/\.ts$/, "")] = await import(pathToFileURL(file));
    }
    return modules;
  } finally {
    await rm(out, { recursive: true });
  }
}

const { schema: schemaModule, ...modules } = await load();
const schema = schemaModule.default;
const ids = new Ids(Object.keys(schema.tables), Number(firstNumber));

// ------------------------------------------------------------------------------- the database

const byPath = { "./convex/_generated/api.js": async () => ({}) };
for (const [name, module] of Object.entries(modules)) {
  byPath[`./convex/${name}.js`] = async () => module;
}

let current = convexTest({ schema, modules: byPath });
// `convex-test` keeps which database it is in the context of asynchronous calls.
let inCurrent = AsyncLocalStorage.snapshot();
let written = []; // the mutations so far: what the past is made of again
doAsServersDo();

/** Begins an empty database: for tests, and no part of the API. */
function empty() {
  current = convexTest({ schema, modules: byPath });
  inCurrent = AsyncLocalStorage.snapshot();
  written = [];
  return {};
}

const snapshots = new Snapshots();
let streams = true; // whether the plan has streaming exports
let forgotten = 0; // the moments before this one are gone

/** The database as it was after so many mutations. */
async function past(count) {
  if (count === written.length) return current;
  const database = convexTest({ schema, modules: byPath });
  for (const { path, args, identity, now } of written.slice(0, count)) {
    const real = Date.now;
    Date.now = () => now;
    try {
      await as(database, identity).mutation(makeFunctionReference(path), args);
    } finally {
      Date.now = real;
    }
  }
  return database;
}

function as(database, identity) {
  return identity === null ? database : database.withIdentity(identity);
}

// ---------------------------------------------------------------------------------- functions

function found(name) {
  const [module, exported = "default"] = name.split(":");
  return modules[module]?.[exported];
}

const KINDS = { query: "isQuery", mutation: "isMutation", action: "isAction" };
const capitalized = (word) => word[0].toUpperCase() + word.slice(1);
const kindOf = (f) => Object.keys(KINDS).find((kind) => f[KINDS[kind]]);

/** What the deployment says of a call of a function, as the body of an answer. */
async function run(kind, { path: name, args, format }, caller, database = current) {
  if (format !== "convex_encoded_json") throw bad("InvalidFormat", `not ${format}`);
  if (typeof name !== "string") throw bad("BadJsonBody", "missing field `path`");
  if (name.startsWith("_system/")) return system(name, args, caller, database);
  const called = found(name);
  if (called === undefined || (called.isInternal && !caller.admin)) {
    const hint = "Did you forget to run `npx convex dev` or `npx convex deploy`?";
    return failed(`Could not find public function for '${name}'. ${hint}`);
  }
  if (!called[KINDS[kind]]) {
    const real = capitalized(kindOf(called));
    return failed(
      `Trying to execute ${name} as ${capitalized(kind)}, but it is defined as ${real}.`,
    );
  }
  const given = jsonToConvex(ids.inward(args));
  return await performed(kind, name, called, given, caller, database);
}

async function performed(kind, name, called, args, caller, database) {
  const logLines = [];
  const real = { ...console };
  for (const [method, level] of [["log", "LOG"], ["warn", "WARN"], ["error", "ERROR"]]) {
    console[method] = (...parts) => {
      const texts = parts.map((part) =>
        typeof part === "string" ? `'${part}'` : String(part),
      );
      logLines.push(`[${level}] ${texts.join(" ")}`);
    };
  }
  const handler = called._handler;
  let started = false;
  called._handler = (...given) => {
    started = true;
    return handler(...given);
  };
  const now = Date.now();
  try {
    const reference = makeFunctionReference(name);
    const result = await as(database, caller.identity)[kind](reference, args);
    if (kind === "mutation") {
      written.push({ path: name, args, identity: caller.identity, now });
    }
    return succeeded(convexToJson(result ?? null), logLines);
  } catch (error) {
    if (!started) return failed(`ArgumentValidationError: ${error.message}`);
    return threw(name, error, logLines);
  } finally {
    called._handler = handler;
    Object.assign(console, real);
  }
}

function succeeded(value, logLines = []) {
  return { status: "success", value: ids.outward(value), ...logged(logLines) };
}

function logged(lines) {
  return lines.length ? { logLines: lines.map((line) => ids.outwardInside(line)) } : {};
}

function failed(message, errorData, logLines = []) {
  const said = ids.outwardInside(message);
  return {
    status: "error",
    errorMessage: `[Request ID: ${requestId()}] Server Error\n${said}`,
    ...(errorData === undefined ? {} : { errorData: ids.outward(errorData) }),
    ...logged(logLines),
  };
}

function threw(name, error, logLines = []) {
  return failed(
    `Uncaught ${error.name}: ${error.message}\n    at handler (../convex/${name})\n`,
    "data" in error ? convexToJson(error.data) : undefined,
    logLines,
  );
}

const requestId = () => Math.random().toString(16).slice(2, 10);

/** The functions of the deployment itself, for its administrators. */
async function system(name, args, caller, database) {
  if (!caller.admin) throw refused(403, "BadDeployKey", "The provided deploy key was invalid");
  switch (name) {
    case "_system/frontend/getSchemas":
      return succeeded({ active: JSON.stringify(storedSchema()) });
    case "_system/cli/modules:apiSpec":
      return succeeded(apiSpec());
    case "_system/frontend/getTableMapping":
      return succeeded(Object.fromEntries(ids.tables));
    case "_system/cli/tableData":
      return succeeded(await tableData(database, args));
    case "_system/frontend/paginatedTableDocuments":
      try {
        return succeeded(await paginatedTableDocuments(database, schema, ids, args));
      } catch (error) {
        return threw(name, error);
      }
    default:
      return failed(`Could not find public function for '${name}'.`);
  }
}

/** The schema as a server gives it back: in its own order, and with `_creationTime` in indexes. */
function storedSchema() {
  const exported = JSON.parse(schema.export());
  const tables = exported.tables.map((table) => ({
    ...table,
    indexes: table.indexes.map(withCreationTime),
    stagedDbIndexes: table.stagedDbIndexes.map(withCreationTime),
    documentType: sorted(table.documentType),
  }));
  tables.sort((a, b) => (a.tableName < b.tableName ? -1 : 1));
  return { ...exported, tables };
}

function withCreationTime(index) {
  return { ...index, fields: [...index.fields, "_creationTime"] };
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

function apiSpec() {
  return Object.entries(modules).flatMap(([module, exports]) =>
    Object.entries(exports).map(([name, called]) => ({
      identifier: `${module}.js:${name}`,
      functionType: capitalized(kindOf(called)),
      visibility: { kind: called.isPublic ? "public" : "internal" },
      args: JSON.parse(called.exportArgs()),
      returns: JSON.parse(called.exportReturns()),
    })),
  );
}

// --------------------------------------------------------------------------------------- HTTP

class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

const refused = (status, code, message) => new Refused(status, code, message);
const bad = (code, message) => refused(400, code, message);

/** Who asks: nobody in particular, a user by a JWT (which is not verified), an administrator. */
function callerOf(header) {
  if (header === undefined) return { identity: null, admin: false };
  const [scheme, secret] = [header.slice(0, 7), header.slice(7)];
  if (scheme === "Convex ") {
    if (secret.replace(/^(dev|prod):/, "") === adminKey) return { identity: null, admin: true };
    const message = "The provided admin key was invalid for this instance";
    throw refused(401, "BadAdminKey", message);
  }
  try {
    const claims = JSON.parse(Buffer.from(secret.split(".")[1], "base64url"));
    const { sub: subject, iss: issuer, exp: expiry } = claims;
    if (expiry * 1000 < Date.now()) throw new Error("it has expired");
    return {
      identity: { subject, issuer, tokenIdentifier: `${issuer}|${subject}` },
      admin: false,
    };
  } catch {
    throw refused(401, "InvalidAuthHeader", "Could not parse JWT payload");
  }
}

const encodedTime = (n) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes.toString("base64");
};
const decodedTime = (text) => Number(Buffer.from(text, "base64").readBigUInt64LE());

async function answer(request, body) {
  const { pathname } = new URL(request.url, "http://mock");
  const text = { "/version": "mock", "/instance_name": instance, "/instance_version": "mock" };
  if (request.method === "GET" && pathname in text) return text[pathname];
  const caller = callerOf(request.headers.authorization);
  switch (`${request.method} ${pathname}`) {
    case "POST /api/query":
    case "POST /api/mutation":
    case "POST /api/action":
      return run(pathname.slice("/api/".length), JSON.parse(body), caller);
    case "POST /api/query_batch": {
      const results = [];
      for (const query of JSON.parse(body).queries) {
        results.push(await run("query", query, caller));
      }
      return { results };
    }
    case "POST /api/query_ts":
      return { ts: encodedTime(written.length) };
    case "POST /api/query_at_ts": {
      const { ts, ...query } = JSON.parse(body);
      if (decodedTime(ts) < forgotten) {
        throw refused(500, "InternalServerError", "Your request couldn't be completed.");
      }
      return run("query", query, caller, await past(decodedTime(ts)));
    }
    case "POST /api/list_snapshot":
      if (!caller.admin) throw refused(403, "BadDeployKey", "The provided key was invalid");
      if (!streams) {
        const plan = "Streaming export is not available on your current subscription.";
        throw refused(403, "StreamingExportNotEnabled", plan);
      }
      return new Json(await snapshots.page(current, [...ids.numbers.keys()], ids, body));
    case "POST /mock/streaming":
      streams = JSON.parse(body);
      return {};
    case "POST /mock/forget":
      forgotten = written.length;
      return {};
    case "POST /mock/empty":
      return empty();
    case "GET /api/check_admin_key":
      if (!caller.admin) {
        throw refused(403, "BadDeployKey", "The provided deploy key was invalid for this deployment");
      }
      return { success: true, allowedOps: [], isReadOnly: false };
    case "POST /mock/cut":
      // As a network does, and a server that is started anew.
      for (const session of sessions) session.socket.terminate();
      return { sessions: sessions.size };
    case "GET /mock/sessions":
      return { sessions: [...sessions].map((session) => session.queries.size) };
    default:
      throw refused(404, "NotFound", `no route ${pathname}`);
  }
}

class Json {
  constructor(text) {
    this.text = text;
  }
}

async function respond(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let status = 200;
  let said;
  try {
    said = await answer(request, Buffer.concat(chunks).toString());
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof SyntaxError)) throw error;
    status = error.status ?? 400;
    said = { code: error.code ?? "BadJsonBody", message: error.message };
  }
  const plain = typeof said === "string";
  const data = plain ? said : said instanceof Json ? said.text : JSON.stringify(said);
  response.writeHead(status, {
    "Content-Type": plain ? "text/plain" : "application/json",
    "Content-Length": Buffer.byteLength(data),
  });
  response.end(data);
}

let turn = Promise.resolve();
const server = createServer((request, response) => {
  turn = turn.then(() => inCurrent(respond, request, response)).then(refreshAll);
});

// ------------------------------------------------------------------------------ subscriptions

// What Convex's own clients speak over a WebSocket (`npm-packages/convex/src/browser/sync`).
const sessions = new Set();

class Session {
  constructor(socket) {
    this.socket = socket;
    this.caller = { identity: null, admin: false };
    this.queries = new Map(); // by id: {path, args, said}
    this.version = { querySet: 0, identity: 0, ts: encodedTime(0) };
  }

  hear(message) {
    const next = { ...this.version };
    switch (message.type) {
      case "Authenticate":
        next.identity += 1;
        try {
          const scheme = { Admin: "Convex", User: "Bearer" }[message.tokenType];
          this.caller = callerOf(scheme && `${scheme} ${message.value}`);
        } catch (error) {
          this.socket.close(4000, error.message);
          return;
        }
        break;
      case "ModifyQuerySet":
        next.querySet = message.newVersion;
        for (const { type, queryId, udfPath, args } of message.modifications) {
          if (type === "Add") {
            const path = udfPath.replace(".js:", ":");
            this.queries.set(queryId, { path, args: args[0] });
          } else this.queries.delete(queryId);
        }
        break;
      default:
        return;
    }
    return this.refresh(next);
  }

  /** Says which results are others now. */
  async refresh(next = this.version) {
    const modifications = [];
    for (const [queryId, query] of this.queries) {
      const { path, args } = query;
      const said = await run("query", { path, args, format: "convex_encoded_json" }, this.caller);
      const text = JSON.stringify([said.value, said.status]);
      if (text === query.said) continue;
      query.said = text;
      const common = { queryId, logLines: said.logLines ?? [], journal: null };
      modifications.push(
        said.status === "success"
          ? { type: "QueryUpdated", value: said.value, ...common }
          : {
              type: "QueryFailed",
              errorMessage: said.errorMessage,
              ...(said.errorData === undefined ? {} : { errorData: said.errorData }),
              ...common,
            },
      );
    }
    if (modifications.length === 0 && next === this.version) return;
    const startVersion = this.version;
    this.version = { ...next, ts: encodedTime(ticks++) };
    const transition = { type: "Transition", startVersion, endVersion: this.version };
    this.socket.send(JSON.stringify({ ...transition, modifications }));
  }
}

let ticks = 1;

async function refreshAll() {
  for (const session of sessions) await inCurrent(() => session.refresh());
}

new WebSocketServer({ server }).on("connection", (socket) => {
  const session = new Session(socket);
  sessions.add(session);
  socket.on("message", (data) => {
    turn = turn.then(() => inCurrent(() => session.hear(JSON.parse(data))));
  });
  socket.on("close", () => sessions.delete(session));
});

server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
});
process.stdin.resume().on("end", () => process.exit());
