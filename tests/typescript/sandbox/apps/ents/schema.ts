// Tables made by the classes of a library, which adds fields, indexes and tables of its own.

import { defineEnt, defineEntSchema } from "convex-ents";
import { v } from "convex/values";

const schema = defineEntSchema({
  users: defineEnt({ name: v.string() })
    .field("email", v.string(), { unique: true })
    .field("height", v.optional(v.number()), { index: true })
    .edges("messages", { ref: true })
    .edges("followers", { to: "users", inverse: "followees" }),

  messages: defineEnt({ text: v.string() })
    .edge("user")
    .edges("tags")
    .searchIndex("text", { searchField: "text", filterFields: ["userId"] }),

  tags: defineEnt({ name: v.string() }).edges("messages"),
});

export default schema;
