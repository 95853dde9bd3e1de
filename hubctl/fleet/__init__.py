"""L4: one operation over many targets."""
