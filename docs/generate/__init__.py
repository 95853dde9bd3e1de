"""Writes the reference pages from what the program itself holds. One module per kind of page."""
