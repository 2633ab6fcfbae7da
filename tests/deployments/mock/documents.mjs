// What the dashboard of a deployment reads documents with, `_system/frontend/paginatedTableDocuments`.
// Modelled on the source text of the server (`system-udfs/convex/_system/frontend`), not on a running
// one. It reads 10,000 rows or 5 MB at most, and says what is wrong with an index in the page.

import { convexToJson, jsonToConvex } from "convex/values";

const UNDEFINED =
  "__CONVEX_PLACEHOLDER_undefined_I23atX0jcndVbFgXoQZffsih7eAqktCyFjgUuAeNBtfr3ySOljPSPSEOPFgprkdBO3zXNiGEJxmJ5ZFPc5C5qKesG80QRPvlJe8vgSxAt9feLTwxTg4PHfVwUaTEJU67FDwldWmTxp1guMPwxQ2jOuhEryTBf3mQ";
const MOST = { maximumRowsRead: 10000, maximumBytesRead: 5000000 };

export async function paginatedTableDocuments(database, schema, ids, asked) {
  const { table, paginationOpts, filters } = asked;
  const text = Buffer.from(filters, "base64").toString();
  const { clauses, order = "desc", index } = ids.inward(JSON.parse(text));
  const page = await database.run(async ({ db }) => {
    const [clause] = clauses;
    if (clause !== undefined) {
      const id = db.normalizeId(table, clause.value);
      const document = id && (await db.get(id));
      return { page: document ? [document] : [], isDone: true, continueCursor: "" };
    }
    const fields = fieldsOf(schema, table, index.name);
    const error = fault(index, fields);
    if (error !== null) {
      return { page: [{ filter: -1, error }], isDone: true, continueCursor: "" };
    }
    return await db
      .query(table)
      .withIndex(index.name, (range) => bounded(range, fields, index.clauses))
      .order(order)
      .paginate({ ...paginationOpts, ...MOST });
  });
  return convexToJson(page);
}

function fieldsOf(schema, table, name) {
  if (name === "by_creation_time") return ["_creationTime"];
  const { tables } = JSON.parse(schema.export());
  const { indexes } = tables.find(({ tableName }) => tableName === table);
  const index = indexes.find(({ indexDescriptor }) => indexDescriptor === name);
  return index && [...index.fields, "_creationTime"];
}

function fault({ name, clauses }, fields) {
  if (fields === undefined) return `Index ${name} does not exist.`;
  if (clauses.length <= fields.length) return null;
  const counts = `has ${fields.length} fields, but the query has ${clauses.length} clauses`;
  return `Index ${name} ${counts}.`;
}

function bounded(range, fields, clauses) {
  for (const [at, clause] of clauses.entries()) {
    const add = (op, value) => {
      const meant = value === UNDEFINED ? undefined : jsonToConvex(value);
      range = range[op](fields[at], meant);
    };
    if (clause.type === "indexEq") add("eq", clause.value);
    else {
      if (clause.lowerOp) add(clause.lowerOp, clause.lowerValue);
      if (clause.upperOp) add(clause.upperOp, clause.upperValue);
    }
  }
  return range;
}
