import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

const base = { owner: v.id("user"), "bad-name": v.string() };

export default defineSchema({
  users: defineTable({ name: v.string() })
    .index("by_nam", ["nam"])
    .index("by_id", { fields: ["name"] })
    .searchIndex("search", { searchField: "name", filterFields: ["nope", "name"] })
    .vectorIndex("vector", { vectorField: "name", dimensions: 1 }),
  tasks: defineTable({ ...base, tags: v.record(v.number(), v.string()) })
    .index("a", ["owner"])
    .index("a", ["owner", "owner"]),
});
