import { defineTable } from "convex/server";
import { v } from "convex/values";

/** Where people talk. */
const rooms = defineTable({ title: v.string(), members: v.array(v.id("members")) });

export default rooms;
