"""L5: the command line: parse, call one function, output, exit code."""
