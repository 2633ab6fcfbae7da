import { Table } from "convex-helpers/server";
import { migrationsTable } from "convex-helpers/server/migrations";
import { rateLimitTables } from "convex-helpers/server/rateLimit";
import { brandedString, deprecated, literals, nullable, partial } from "convex-helpers/validators";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export const status = literals("active", "invited", "gone");
export const email = brandedString("email");
const address = { street: v.string(), zip: nullable(v.string()) };

export const People = Table("people", {
  email,
  status,
  homeAddress: v.object(partial(address)),
  nickname: deprecated,
});

export default defineSchema({
  ...rateLimitTables,
  migrations: migrationsTable,
  people: People.table.index("by_email", ["email"]).index("by_zip", ["homeAddress.zip"]),
  visits: defineTable(
    v.union(
      v.object({ kind: v.literal("person"), person: v.id("people") }),
      v.object({ kind: v.literal("robot"), name: v.string() }),
    ),
  ).index("by_kind", ["kind"]),
});
