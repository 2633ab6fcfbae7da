// The server's streaming export, `/api/list_snapshot`, and the pages of tables that its own tools
// read. Modelled on the source text of the server (`local_backend/src/streaming_export.rs`,
// `system-udfs/convex/_system/cli/tableData.ts`), not on a running one.

import { convexToJson } from "convex/values";

const PAGE = 100;

/** What documents were at moments, for as long as the mock runs. */
export class Snapshots {
  #kept = new Map();
  #latest = 1_763_000_000_000_000_000n; // nanoseconds

  /** A page as JSON text, for its moment is more than a number of JavaScript. */
  async page(database, tables, ids, asked) {
    const [, given] = /"snapshot":\s*(\d+)/.exec(asked) ?? [];
    const { cursor, tableName, format } = JSON.parse(asked);
    const moment = given ?? String(++this.#latest);
    if (given === undefined) this.#kept.set(moment, await all(database, tables, ids));
    const last = cursor === undefined ? "" : JSON.parse(cursor).id;
    const kept = this.#kept.get(moment)[tableName] ?? [];
    const documents = kept.filter(({ _id }) => _id > last);
    const page = documents.slice(0, PAGE);
    const values = page.map((document) => ({
      _component: "",
      _table: tableName,
      _ts: 1,
      ...(format === "convex_encoded_json" ? document : {}),
    }));
    const after = page.length ? JSON.stringify({ tablet: "a", id: page.at(-1)._id }) : null;
    const rest = JSON.stringify({ values, cursor: after, hasMore: documents.length > PAGE });
    return `{"snapshot":${moment},${rest.slice(1)}`;
  }
}

/** All documents in the encoded form in the order of their ids, by their tables. */
async function all(database, tables, ids) {
  const found = {};
  for (const table of tables) {
    const documents = await database.run((ctx) => ctx.db.query(table).collect());
    found[table] = documents.map((document) => ids.outward(convexToJson(document)));
    found[table].sort((a, b) => (a._id < b._id ? -1 : 1));
  }
  return found;
}

/** What `_system/cli/tableData` gives. */
export async function tableData(database, { table, order, paginationOpts }) {
  const page = await database.run((ctx) =>
    ctx.db.query(table).order(order).paginate(paginationOpts),
  );
  return convexToJson(page);
}
