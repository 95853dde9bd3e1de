"""Hooks about what reaches the world: commits, deployments, restores."""
