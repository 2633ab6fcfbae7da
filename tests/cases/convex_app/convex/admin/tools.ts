import { mutation } from "../_generated/server";
import { v } from "convex/values";

export default mutation({ args: {}, returns: v.int64(), handler: async () => 1n });

export const reset = mutation({ args: { reallyAll: v.boolean() }, handler: async () => null });
