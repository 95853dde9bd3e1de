"""What the store is filled from: the hooks' spool, transcripts, telemetry, git; each as rows.

Remembers how far each was read. Nothing that somebody wrote goes from here into a row.
"""
