"""The documents of a Convex deployment, through functions that are deployed there for it."""
