import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

// As https://labs.convex.dev/auth/setup/schema shows.
export default defineSchema({
  ...authTables,
  users: defineTable({
    ...authTables.users.validator.fields,
    favoriteColor: v.optional(v.string()),
  })
    .index("email", ["email"])
    .index("phone", ["phone"]),
  notes: defineTable({ owner: v.id("users"), text: v.string() }).index("by_owner", [
    "owner",
  ]),
});
