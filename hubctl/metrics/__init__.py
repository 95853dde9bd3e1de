"""L3: what is measured: the seven tables, the store that keeps them, and what fills it.

Reads the spool of the hooks, the client's transcripts and its telemetry, and git history; writes
only hubctl's own database. Reports, dashboards and exporters read it from here.
"""
