import { defineTable } from "convex/server";
import { v } from "convex/values";

const base = { room: v.id("rooms"), author: v.id("members") };

/** A text, or a file. */
export const messages = defineTable(
  v.union(
    v.object({ ...base, kind: v.literal("text"), body: v.string() }),
    v.object({ ...base, kind: v.literal("file"), storage: v.id("_storage"), bytes: v.int64() }),
  ),
).index("by_room", ["room"]);
