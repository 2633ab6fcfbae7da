import { v } from "convex/values";
import { mutation } from "./_generated/server";

/** Sends a parcel. */
export const send = mutation({
  args: { to: v.id("customers") },
  returns: v.id("parcels"),
  handler: async (ctx, { to }) => ctx.db.insert("parcels", { to, status: "packed" }),
});
