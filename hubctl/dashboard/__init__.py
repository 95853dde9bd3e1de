"""The dashboard: one local page with what is measured and how the hub stands, kept fresh.

Reads only. What it shows are the sections of reports and the checks of health; it measures and
checks nothing itself.
"""
