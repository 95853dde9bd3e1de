"""Judges the simple commands of a shell line: what would this one do, and to which paths."""
