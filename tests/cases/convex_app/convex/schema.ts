import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import * as content from "./tables";
import { address, Role } from "./validators";

/** Fields that every table has. */
const timestamps = {
  updatedAt: v.number(), // ms since 1970
  deletedAt: v.optional(v.number()),
};

export default defineSchema(
  {
    ...authTables,
    ...content,

    /** People, and what they may do. */
    members: defineTable({
      ...timestamps,
      /** The full name. */
      name: v.string(),
      role: v.union(...Object.values(Role).map((role) => v.literal(role))),
      home: v.optional(address),
      work: address,
      nick: v.optional(v.union(v.string(), v.null())),
      scores: v.record(v.string(), v.number()),
    })
      .index("by_role", ["role", "name"])
      .index("by_town", { fields: ["work.town"], staged: true })
      .searchIndex("search_name", { searchField: "name", filterFields: ["role"] }),
  },
  { schemaValidation: true },
);
