"""What a session did, read from its transcript and from git."""
