"""Formatting one touched file: which formatter, which change, how it is put in place."""
