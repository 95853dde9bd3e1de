"""Scaffold: new projects from copier templates, and newer templates into old projects.

Knows templates and checkouts, nothing of a hub. Copier is imported only where it works.
"""
