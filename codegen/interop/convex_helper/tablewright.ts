/* eslint-disable */
/**
 * Reads and writes documents for programs in Python.
 *
 * Written by `codegen export --to convex-helper`: keep it as `convex/tablewright.ts`. All of it
 * is internal: only who has an admin key or a deploy key can call it.
 */

import {
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
  type GenericQueryCtx,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  makeFunctionReference,
} from "convex/server";
import { ConvexError, v } from "convex/values";

/** Of what programs ask for: another version understands other questions. */
const VERSION = 2;

type Document = Record<string, any>;

// A value that is not there is `undefined`, as of a field that a document does not have.
const equal = v.object({ field: v.string(), value: v.optional(v.any()) });
const bound = v.object({
  op: v.union(
    v.literal("eq"),
    v.literal("gt"),
    v.literal("gte"),
    v.literal("lt"),
    v.literal("lte"),
  ),
  field: v.string(),
  value: v.optional(v.any()),
});
const page = v.object({
  numItems: v.number(),
  cursor: v.union(v.string(), v.null()),
  endCursor: v.optional(v.string()),
  maximumRowsRead: v.optional(v.number()),
  maximumBytesRead: v.optional(v.number()),
});
// How much of what is found: the first few, or a page; else everything.
const part = { limit: v.optional(v.number()), page: v.optional(page) };

export const version = internalQueryGeneric({
  args: {},
  handler: async () => VERSION,
});

export const get = internalQueryGeneric({
  args: { table: v.string(), id: v.string() },
  handler: (ctx, { table, id }) => ctx.db.get(idOf(ctx, table, id)),
});

export const query = internalQueryGeneric({
  args: {
    table: v.string(),
    index: v.string(),
    bounds: v.array(bound),
    order: v.union(v.literal("asc"), v.literal("desc")),
    ...part,
  },
  handler: (ctx, { table, index, bounds, order, ...part }) => {
    const range = (builder: any) =>
      bounds.reduce(
        (made, { op, field, value }) => made[op](field, value),
        builder,
      );
    const found = ctx.db.query(table).withIndex(index, range).order(order);
    return taken(found, part);
  },
});

export const search = internalQueryGeneric({
  args: {
    table: v.string(),
    index: v.string(),
    field: v.string(),
    text: v.string(),
    filters: v.array(equal),
    ...part,
  },
  handler: (ctx, { table, index, field, text, filters, ...part }) => {
    const narrowed = (builder: any) =>
      filters.reduce(
        (made, filter) => made.eq(filter.field, filter.value),
        builder.search(field, text),
      );
    return taken(ctx.db.query(table).withSearchIndex(index, narrowed), part);
  },
});

export const nearest = internalActionGeneric({
  args: {
    table: v.string(),
    index: v.string(),
    vector: v.array(v.number()),
    limit: v.number(),
    filters: v.array(equal),
  },
  handler: async (
    ctx: GenericActionCtx<GenericDataModel>,
    { table, index, vector, limit, filters },
  ) => {
    const conditions = (builder: any) =>
      builder.or(
        ...filters.map(({ field, value }) => builder.eq(field, value)),
      );
    const filter = filters.length > 0 ? { filter: conditions } : {};
    const found = await ctx.vectorSearch(table, index, {
      vector,
      limit,
      ...filter,
    } as any);
    const ids = found.map(({ _id }) => _id as string);
    const documents = await ctx.runQuery(all, { ids });
    return found.map(({ _score }, position) => ({
      score: _score,
      document: documents[position],
    }));
  },
});

export const documents = internalQueryGeneric({
  args: { ids: v.array(v.string()) },
  handler: (ctx, { ids }) =>
    Promise.all(ids.map((id) => ctx.db.get(id as any))),
});
const all = makeFunctionReference<"query", { ids: string[] }, Document[]>(
  "tablewright:documents",
);

const fields = v.record(v.string(), v.any());
const unique = v.array(
  v.object({ index: v.string(), fields: v.array(v.string()) }),
);
const change = v.union(
  v.object({ op: v.literal("insert"), table: v.string(), fields, unique }),
  v.object({
    op: v.literal("patch"),
    table: v.string(),
    id: v.string(),
    fields,
    removed: v.array(v.string()),
    unique,
  }),
  v.object({
    op: v.literal("replace"),
    table: v.string(),
    id: v.string(),
    fields,
    unique,
  }),
  v.object({ op: v.literal("delete"), table: v.string(), id: v.string() }),
);

/** All changes or none; the ids of the documents that were inserted, null for other changes. */
export const write = internalMutationGeneric({
  args: { changes: v.array(change) },
  handler: async (ctx, { changes }) => {
    const ids: (string | null)[] = [];
    for (const change of changes) {
      if (change.op === "insert") {
        const { table, fields } = change;
        const id = await told(table, ctx.db.insert(table, fields));
        await checkUnique(ctx, change.table, id, change.unique);
        ids.push(id);
        continue;
      }
      const id = idOf(ctx, change.table, change.id);
      if ((await ctx.db.get(id)) === null) {
        throw refused("NotFound", { table: change.table, id: change.id });
      }
      if (change.op === "delete") {
        await ctx.db.delete(id);
      } else {
        if (change.op === "replace") {
          await told(change.table, ctx.db.replace(id, change.fields));
        } else {
          const removed = change.removed.map((name) => [name, undefined]);
          const fields = { ...change.fields, ...Object.fromEntries(removed) };
          await told(change.table, ctx.db.patch(id, fields));
        }
        await checkUnique(ctx, change.table, id, change.unique);
      }
      ids.push(null);
    }
    return ids;
  },
});

/**
 * Stores documents in the order of a copy; the ids that they get. Who does not know which document
 * is the newest of the table has missed something: that these are there already, or others.
 */
export const load = internalMutationGeneric({
  args: {
    table: v.string(),
    after: v.union(v.string(), v.null()),
    documents: v.array(fields),
  },
  handler: async (ctx, { table, after, documents }) => {
    const newest = await ctx.db.query(table).order("desc").first();
    if ((newest?._id ?? null) !== after) throw refused("Moved", { table });
    const ids: string[] = [];
    for (const document of documents) {
      ids.push(await ctx.db.insert(table, document));
    }
    return ids;
  },
});

function idOf(
  ctx: GenericQueryCtx<GenericDataModel>,
  table: string,
  id: string,
) {
  const found = ctx.db.normalizeId(table, id);
  if (found === null) throw refused("InvalidId", { table, id });
  return found;
}

async function taken(found: any, part: { limit?: number; page?: any }) {
  if (part.page !== undefined) return await found.paginate(part.page);
  if (part.limit !== undefined) return await found.take(part.limit);
  return await found.collect();
}

/** No other document has all the same values in the fields of a unique index. */
async function checkUnique(
  ctx: GenericMutationCtx<GenericDataModel>,
  table: string,
  id: any,
  indexes: { index: string; fields: string[] }[],
) {
  if (indexes.length === 0) return;
  const document = await ctx.db.get(id);
  for (const { index, fields } of indexes) {
    const values = fields.map((field) => valueAt(document, field));
    if (values.includes(undefined)) continue;
    const same = (builder: any) =>
      fields.reduce((made, field, at) => made.eq(field, values[at]), builder);
    const found = await ctx.db.query(table).withIndex(index, same).take(2);
    const other = found.find(({ _id }) => _id !== id);
    if (other !== undefined) {
      throw refused("UniqueViolation", { table, index, id: other._id });
    }
  }
}

function valueAt(document: any, path: string) {
  const names = path.split(".");
  return names.reduce((value, name) => value?.[name], document);
}

/** Says why a document is refused: a deployment in production keeps other errors to itself. */
async function told<T>(table: string, writing: Promise<T>) {
  try {
    return await writing;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refused("Refused", { table, reason });
  }
}

function refused(code: string, data: Record<string, any>) {
  return new ConvexError({ tablewright: code, ...data });
}
