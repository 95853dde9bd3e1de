"""The tables in the store: how they are made, filled together, and kept true to each other."""
