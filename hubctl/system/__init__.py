"""L2: the one door to the operating system."""
