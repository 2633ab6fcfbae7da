"""Tablewright: typed Python packages from one declarative schema."""
