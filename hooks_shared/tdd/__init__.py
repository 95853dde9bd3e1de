"""What test-driven development can be told by: kinds of files, changes, and results of tests."""
