"""Hooks that bring a written file into the repository's own form."""
