"""Checkpoints: the files of a work tree kept as hidden commits, and brought back exactly.

A checkpoint is a commit below `refs/hubctl/checkpoints/`; git's own tools can read it. Making one
touches no branch, index, stash, HEAD or file, and nothing here needs a hub.
"""
