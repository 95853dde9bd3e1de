"""Hooks that refuse or question a shell command before it runs."""
