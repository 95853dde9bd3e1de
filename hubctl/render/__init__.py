"""L2: renderers, one file and one registry row each; pure functions from a Subject to Items."""
