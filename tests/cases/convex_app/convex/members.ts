import { customQuery, customCtx } from "convex-helpers/server/customFunctions";
import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { internal } from "./_generated/api";
import { internalAction, mutation, query } from "./_generated/server";
import schema from "./schema";
import { address, page } from "./validators";

const authedQuery = customQuery(query, customCtx(async () => ({})));

/** A page of members. */
export const list = authedQuery({
  args: { paginationOpts: paginationOptsValidator, role: v.optional(v.string()) },
  returns: page(schema.doc("members")),
  handler: async () => ({ page: [], isDone: true, continueCursor: "" }),
});

export const get = query({
  args: { id: v.id("members") },
  returns: v.union(schema.doc("members"), v.null()),
  handler: async (ctx, { id }) => ctx.db.get(id),
});

export const move = mutation({
  args: { id: v.id("members"), to: address },
  returns: v.null(),
  handler: async () => null,
});

/** Knows nothing of its arguments. */
export const anything = internalAction(async (ctx) => {
  await ctx.runQuery(internal.members.list, {});
});

export const notAFunction = { answer: 42 };
