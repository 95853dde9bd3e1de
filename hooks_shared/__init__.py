"""The hooks that hubctl installs: one process per event. Imports nothing of hubctl, stdlib only."""
