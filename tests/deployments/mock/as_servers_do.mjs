// What servers do, where `convex-test` does something else. Modelled on the source text of the
// server (`async_syscall.rs`, `index_range.rs`, `schema.rs`), not on a running one:
//
// - only reading past the last document shows the end: a page that is just full has a next one;
// - a cursor is for the very query that gave it, and no other text is a cursor;
// - a page up to an end cursor ends there, whether or not a document is there still;
// - a field that a patch removes is not checked any more;
// - a document that does not fit the schema is refused in other words, and one that is too large
//   is refused.

import { createHash } from "node:crypto";
import { getDocumentSize, jsonToConvex } from "convex/values";

const END = "_end_cursor";
const SEAL = 16;
const WRITES = ["1.0/insert", "1.0/shallowMerge", "1.0/replace"];
const MISFIT = /^(Validator error: |Cannot convert undefined or null)/;

/** Puts itself before the database of `convex-test`, which has to have been made once. */
export function doAsServersDo() {
  const { get } = Object.getOwnPropertyDescriptor(globalThis.Convex, "asyncSyscall");
  Object.defineProperty(globalThis.Convex, "asyncSyscall", {
    get() {
      const theirs = get();
      return (name, args) => {
        if (name === "1.0/queryPage") return page(theirs, JSON.parse(args));
        return WRITES.includes(name) ? write(theirs, name, args) : theirs(name, args);
      };
    },
  });
}

async function write(theirs, name, args) {
  const asked = JSON.parse(args);
  const ask = async (what, question) => JSON.parse(await theirs(what, JSON.stringify(question)));
  try {
    const { _id = asked.id } =
      name === "1.0/shallowMerge" ? await patch(ask, asked) : await ask(name, asked);
    const written = await ask("1.0/get", { id: _id });
    checkLimits(jsonToConvex(written));
    return JSON.stringify({ _id });
  } catch (error) {
    if (!MISFIT.test(error.message)) throw error;
    // Their ids are digits, and then the name of the table.
    const table = asked.table ?? asked.id.replace(/^\d+/, "");
    const what = `Failed to insert or update a document in table "${table}"`;
    const reason = error.message.replace("Validator error: ", "");
    throw new Error(`${what} because it does not match the schema: ${reason}`);
  }
}

/** A field that a patch removes is there no more: theirs stays, and is undefined. */
async function patch(ask, { id, value }) {
  const removed = Object.keys(value).filter((name) => value[name]?.$undefined === null);
  if (removed.length === 0) return await ask("1.0/shallowMerge", { id, value });
  const document = await ask("1.0/get", { id });
  const left = Object.entries({ ...document, ...value }).filter(([name]) => !removed.includes(name));
  return await ask("1.0/replace", { id, value: Object.fromEntries(left) });
}

function checkLimits(document) {
  const fields = Object.keys(document).length;
  if (fields > 1024) {
    throw new Error(`Object has too many fields (${fields} > maximum number 1024)`);
  }
  const size = getDocumentSize(document) / (1 << 20);
  if (size > 1) throw new Error(`Value is too large (${size} MiB > maximum size 1 MiB)`);
}

async function page(theirs, asked) {
  const { query, pageSize, maximumRowsRead } = asked;
  if (pageSize === 0) throw new Error("Must request at least 1 document while paginating");
  const cursor = asked.cursor === null ? null : opened(query, asked.cursor);
  const endCursor = asked.endCursor == null ? asked.endCursor : opened(query, asked.endCursor);
  const filtered = query.operators.some((operator) => "filter" in operator);
  // A page that ends for its rows has a cursor, also at the end of all.
  const most = Math.min(pageSize, maximumRowsRead ?? Infinity);
  const rows = filtered || endCursor != null ? {} : { maximumRowsRead: most };
  const inner = JSON.stringify({ ...asked, cursor, endCursor, ...rows });
  const found = JSON.parse(await theirs("1.0/queryPage", inner));
  const after = endCursor ?? found.continueCursor;
  return JSON.stringify({
    ...found,
    isDone: after === END,
    continueCursor: sealed(query, after),
    splitCursor: found.splitCursor && sealed(query, found.splitCursor),
    pageStatus: most < pageSize || filtered ? found.pageStatus : null,
  });
}

function sealed(query, place) {
  return Buffer.from(seal(query, place) + place).toString("base64url");
}

/** The place that a cursor is for, if it is one of this query. */
function opened(query, cursor) {
  const text = Buffer.from(cursor, "base64url").toString();
  const place = text.slice(SEAL);
  if (sealed(query, place) === cursor) return place;
  const error = new Error("InvalidCursor: this cursor is from a different query");
  error.data = { isConvexSystemError: true, paginationError: "InvalidCursor" };
  throw error;
}

function seal(query, place) {
  const digest = createHash("sha256").update(JSON.stringify([query, place]));
  return digest.digest("hex").slice(0, SEAL);
}
