"""Live queries: what a query has read, what others write, and whether the one meets the other."""
