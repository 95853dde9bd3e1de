"""Alerts: what is beyond a threshold, what of that is news, and who is told of it."""
