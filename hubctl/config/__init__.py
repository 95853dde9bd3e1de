"""L2: canonical.yaml: load, validate, merge, resolve, trace, edit. Pure."""
