"""Hooks about tests: which code is written for one, and which is not."""
