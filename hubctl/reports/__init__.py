"""What the store says, in figures for people: usage, blocks, projections, reports and alerts.

Reads an open store and takes everything else (the day, the hub's words) as values; prints nothing.
"""
