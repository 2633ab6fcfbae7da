import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

export const list = query({
  args: { user: v.id("users"), limit: v.optional(v.number()) },
  returns: v.array(v.string()),
  handler: async () => [],
});

// A function for each kind: what it is called is known only when it runs.
const remove = (kind: string) =>
  internalMutation({ args: { [kind]: v.string() }, handler: async () => null });
const made = new Map(["tag", "message"].map((kind) => [kind, remove(kind)]));
export const removeTag = made.get("tag")!;
export const removeMessage = made.get("message")!;
