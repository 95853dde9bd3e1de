"""Numbered changes of the store's tables: what brings a database of an older schema to this one.

A new database is made by the DDL and needs none. Each row runs once, in one transaction with its
number; a row that stands here is never changed.
"""

from __future__ import annotations

# version of schemas/metrics.yaml that a row brings about → its statements. Where a declared table
# gains a column: `ALTER TABLE … ADD COLUMN …`; tables that are new are made by the DDL anyway.
MIGRATIONS: dict[int, tuple[str, ...]] = {}
