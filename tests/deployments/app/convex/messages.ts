import { paginationOptsValidator } from "convex/server";
import { ConvexError, v } from "convex/values";
import { internalMutation, mutation, query } from "./_generated/server";
import schema from "./schema";

export const open = mutation({
  args: { name: v.string() },
  returns: v.id("channels"),
  handler: (ctx, { name }) => ctx.db.insert("channels", { name }),
});

export const send = mutation({
  args: {
    channel: v.id("channels"),
    body: v.string(),
    author: v.optional(v.union(v.string(), v.null())),
  },
  returns: v.id("messages"),
  handler: async (ctx, { channel, body, author }) => {
    console.log("sending", body);
    if (body === "") {
      throw new ConvexError({ reason: "empty", limit: 10n, score: -0 });
    }
    return await ctx.db.insert("messages", {
      channel,
      body,
      likes: 0n,
      ...(author === undefined ? {} : { author }),
    });
  },
});

export const list = query({
  args: { channel: v.id("channels") },
  returns: v.array(schema.doc("messages")),
  handler: (ctx, { channel }) =>
    ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel))
      .collect(),
});

export const count = query({
  args: { channel: v.id("channels") },
  returns: v.int64(),
  handler: async (ctx, { channel }) => {
    const all = await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel))
      .collect();
    return BigInt(all.length);
  },
});

export const page = query({
  args: { channel: v.id("channels"), paginationOpts: paginationOptsValidator },
  returns: v.object({
    page: v.array(schema.doc("messages")),
    isDone: v.boolean(),
    continueCursor: v.string(),
    splitCursor: v.optional(v.union(v.string(), v.null())),
    pageStatus: v.optional(
      v.union(
        v.literal("SplitRecommended"),
        v.literal("SplitRequired"),
        v.null(),
      ),
    ),
  }),
  handler: (ctx, { channel, paginationOpts }) =>
    ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel))
      .paginate(paginationOpts),
});

export const untypedPage = query({
  handler: (ctx, { paginationOpts }) =>
    ctx.db.query("messages").paginate(paginationOpts),
});

export const fail = query({
  args: {},
  handler: () => {
    throw new Error("out of order");
  },
});

export const clear = internalMutation({
  args: { channel: v.id("channels") },
  returns: v.null(),
  handler: async (ctx, { channel }) => {
    const all = await ctx.db
      .query("messages")
      .withIndex("by_channel", (q) => q.eq("channel", channel))
      .collect();
    for (const message of all) await ctx.db.delete(message._id);
    return null;
  },
});
