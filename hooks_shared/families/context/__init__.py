"""Hooks about the context window: what fills it, and what a session leaves behind."""
