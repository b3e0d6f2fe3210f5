"""Counting rows of a table that is a query."""

KEYS_ONLY = object()
"""In the context (no caller from outside can put it there): rows are only counted, so the database plans no more."""
