import { v } from "convex/values";

export enum Role {
  Admin = "admin",
  Guest = "guest",
}

/** Where someone lives or works. */
export const address = v.object({
  street: v.string(),
  town: v.string(), // without its country
});

export const page = <T>(item: T) =>
  v.object({ page: v.array(item as any), isDone: v.boolean(), continueCursor: v.string() });
