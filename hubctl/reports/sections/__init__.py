"""The sections a report is made of: one module a subject, each from an open store and a span."""
