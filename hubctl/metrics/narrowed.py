"""A store seen through one project: whatever reads it finds that project's rows and no others.

Owns no question: temporary views stand in place of the tables, for this connection alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.tables.ddl import literal
from hubctl.system import database

if TYPE_CHECKING:
    from hubctl.metrics.store import Store


def narrow(store: Store, project: str) -> None:
    """Leave only the rows of a project in sight, in every table and every roll-up.

    Raises:
        OperationError: the store cannot be read.
    """
    with database.translated(store.path):
        execute = store.connection.execute
        execute("PRAGMA query_only = OFF")  # a view of our own is no change to the file
        for table in store.schema.tables:
            for name in (table.name, table.daily_name):
                execute(
                    f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{name}"
                    f" WHERE project = {literal(project)}"
                )
        execute("PRAGMA query_only = ON")
