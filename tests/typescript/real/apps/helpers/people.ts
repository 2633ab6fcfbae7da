import { customQuery } from "convex-helpers/server/customFunctions";
import { doc } from "convex-helpers/validators";
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
import schema, { email, People, status } from "./schema";

const queryWithSession = customQuery(query, {
  args: { session: v.string() },
  input: async () => ({ ctx: {}, args: {} }),
});

export const byStatus = queryWithSession({
  args: { status },
  returns: v.array(doc(schema, "people")),
  handler: async (ctx) => await ctx.db.query("people").collect(),
});

export const invite = mutation({
  args: { email },
  returns: People._id,
  handler: async (ctx, { email }) =>
    await ctx.db.insert("people", { email, status: "invited", homeAddress: {} }),
});
