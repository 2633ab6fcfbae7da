"""Runs modules of a project to be told what they export, shut off from everything around them.

For what can't be read without running it. Deno does the running, with no permission at all: no
files, network, environment or other programs, within limits of time and memory. The modules are
found here, in Python, and copied to a folder of their own; an import map keeps the program from
any file outside of it. So all that code can do is say what its own schema is.
"""
