"""Hooks about who does the work: look first, and hand large work to an agent."""
