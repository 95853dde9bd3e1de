"""L2: format-preserving reading and editing of documents: JSON, YAML entries, owned blocks. Pure."""
