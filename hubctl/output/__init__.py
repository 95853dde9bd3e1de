"""L2: output formats, pure functions from reports to text."""
