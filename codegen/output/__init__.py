"""Files: what is written, who owns it, and whether it is what it should be.

Nothing here knows what a schema is, and nothing here needs more than the standard library.
"""
