"""Hooks that look after the release they are part of."""
