"""L3: checks over the fleet."""
