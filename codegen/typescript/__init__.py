"""The front end for Convex apps: reads `schema.ts` and functions without running them."""
