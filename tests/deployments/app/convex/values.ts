import { v } from "convex/values";
import { action, query } from "./_generated/server";

const everything = v.object({
  float: v.number(),
  integer: v.int64(),
  bytes: v.bytes(),
  nullable: v.union(v.string(), v.null()),
  optional: v.optional(v.string()),
  many: v.record(v.string(), v.array(v.number())),
});

export const echo = query({
  args: { value: everything },
  returns: everything,
  handler: (_, { value }) => value,
});

export const anything = query({
  args: { value: v.any() },
  returns: v.any(),
  handler: (_, { value }) => value,
});

export const wrong = query({
  args: {},
  handler: () => ({ not: "what the schema says" }),
});

export const whoami = query({
  args: {},
  returns: v.union(v.string(), v.null()),
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const twice = action({
  args: { text: v.string() },
  returns: v.string(),
  handler: async (_, { text }) => {
    console.warn("an action");
    return text + text;
  },
});
