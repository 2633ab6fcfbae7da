import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { z } from "zod";
import { shard } from "./missing";

const limits = [1, 2, 3];
limits.push(Math.floor(Math.random() * 10));

export default defineSchema({
  tasks: defineTable({
    title: v.sting(),
    parsed: z.string(),
    shard,
    region: v.literal(process.env.REGION),
    limit: v.union(...limits.map((limit) => v.literal(limit))),
    plain: "string",
  }).index("by_title", ["titel"]),
  notATable: { title: v.string() },
});
