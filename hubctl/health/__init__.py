"""Health: one table of checks over a hub and this machine, quick ones and all of them.

Reads only. What each check finds is a finding like any other, with the command that resolves it.
"""
