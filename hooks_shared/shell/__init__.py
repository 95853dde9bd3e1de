"""Reads POSIX sh and bash: text to a tree, a tree to the simple commands it would start."""
