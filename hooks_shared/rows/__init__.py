"""Rows of the table of hooks, by what they are about; registry.py puts them together."""
