"""Documents in and out of databases, with their ids and creation times, without a package."""
