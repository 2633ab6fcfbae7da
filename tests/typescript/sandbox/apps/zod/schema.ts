// Documents that another validator describes, which a library turns into Convex's.

import { zodToConvex, zodToConvexFields } from "convex-helpers/server/zod4";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { z } from "zod";

/** Where a parcel is on its way. */
const status = v.union(v.literal("packed"), v.literal("sent"), v.literal("lost"));

const address = z.object({
  street: z.string().min(1),
  zip: z.string().regex(/^\d{5}$/),
  country: z.enum(["de", "fr"]).default("de"),
});

export default defineSchema({
  /** Those who get parcels. */
  customers: defineTable({
    ...zodToConvexFields({ name: z.string(), age: z.number().optional() }),
    address: zodToConvex(address),
  }).index("by_name", ["name"]),

  /** What is sent. */
  parcels: defineTable({
    to: v.id("customers"), // who gets it
    status,
  }).index("by_status", ["status"]),
});
