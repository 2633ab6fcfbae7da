// Validators of `convex/server` that are made of other validators.
import { v } from "convex/values";

const cursor = v.union(v.string(), v.null());

export const paginationOptsValidator = v.object({
  numItems: v.number(),
  cursor,
  endCursor: v.optional(cursor),
  id: v.optional(v.number()),
  maximumRowsRead: v.optional(v.number()),
  maximumBytesRead: v.optional(v.number()),
});

export function paginationResultValidator(item) {
  return v.object({
    page: v.array(item),
    continueCursor: v.string(),
    isDone: v.boolean(),
    splitCursor: v.optional(cursor),
    pageStatus: v.optional(
      v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"), v.null()),
    ),
  });
}
