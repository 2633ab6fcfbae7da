import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  channels: defineTable({ name: v.string() }).index("by_name", ["name"]),
  messages: defineTable({
    channel: v.id("channels"),
    body: v.string(),
    author: v.optional(v.union(v.string(), v.null())),
    likes: v.int64(),
  }).index("by_channel", ["channel"]),
});
