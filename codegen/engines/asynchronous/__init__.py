"""The database for `async` code."""
