"""SQL that makes the declared tables: in the local store, and on a QuestDB.

Pure text from the schema. Every statement can be repeated: what exists stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubctl.metrics.schema import BOOLEAN, DOUBLE, LONG, SYMBOL, TEXT, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubctl.metrics.schema import Column, Scalar, Schema, Table

# What the store keeps of a row beside its columns. `seq` grows with every change of any row and is
# never used twice: where an exporter goes on. `rank` is how good the best teller of the row is.
SEQ, RANK = "seq", "rank_"
COPIES = 4  # ranks of one source

_SQLITE = {
    TIME: "INTEGER",
    SYMBOL: "TEXT",
    TEXT: "TEXT",
    LONG: "INTEGER",
    DOUBLE: "REAL",
    BOOLEAN: "INTEGER",
}
_QUESTDB = {
    TIME: "TIMESTAMP",
    SYMBOL: "SYMBOL",
    TEXT: "VARCHAR",
    LONG: "LONG",
    DOUBLE: "DOUBLE",
    BOOLEAN: "BOOLEAN",
}
# What reading and joining look rows up by, beside their keys.
_INDEXES = {
    "claude_tool_usage": ("session",),
    "claude_events": ("session",),
    "claude_context": ("session", "request"),
}
# Kinds of events that several sources tell of, each in its own words and with its own ids.
SHARED_KINDS = ("prompt", "compaction", "api_error")
SHARED = ", ".join(f"'{kind}'" for kind in SHARED_KINDS)
# What the rows of sessions and agents are made of.
OF_SESSIONS = ("claude_tool_usage", "claude_events", "claude_context", "claude_tasks")
_OWN = (
    "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS cursors (source TEXT NOT NULL, name TEXT NOT NULL,"
    " position INTEGER NOT NULL, extra TEXT NOT NULL DEFAULT '',"
    " PRIMARY KEY (source, name)) WITHOUT ROWID",
    'CREATE TABLE IF NOT EXISTS dirty ("table" TEXT NOT NULL, day TEXT NOT NULL,'
    ' PRIMARY KEY ("table", day)) WITHOUT ROWID',
    "CREATE TABLE IF NOT EXISTS stale (session TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS notes (time INTEGER NOT NULL, text TEXT NOT NULL)",
)


def questions_to_all(declared: Schema) -> Iterator[str]:
    """Statements that find nothing, and fail where a table or a declared column is not there."""
    for table in declared.tables:
        yield f"SELECT {', '.join(table.names)} FROM {table.name} LIMIT 0"
        yield f"SELECT * FROM {table.daily_name} LIMIT 0"
    for statement in _OWN:
        yield f"SELECT * FROM {statement.split()[5]} LIMIT 0"


def sqlite_ddl(schema: Schema) -> tuple[str, ...]:
    """Statements that make an empty store of this schema."""
    made = [*_OWN]
    for table in schema.tables:
        made += [_sqlite_table(table), *_indexes(table), *_moved(table), _daily_table(table)]
    return tuple(made)


def _sqlite_table(table: Table) -> str:
    columns = [
        f"{SEQ} INTEGER PRIMARY KEY",
        *(_sqlite_column(table, column) for column in table.columns),
        f"{RANK} INTEGER NOT NULL DEFAULT 0",
        f"UNIQUE ({', '.join(table.keys)})",
    ]
    return f"CREATE TABLE IF NOT EXISTS {table.name} (\n  " + ",\n  ".join(columns) + "\n)"


def _sqlite_column(table: Table, column: Column) -> str:
    needed = column.name in ("time", "source", *table.keys) or column.default is not None
    default = "" if column.default is None else f" DEFAULT {literal(column.default)}"
    return f"{column.name} {_SQLITE[column.type]}{' NOT NULL' if needed else ''}{default}"


def literal(value: Scalar) -> str:
    """A value as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(int(value) if isinstance(value, bool) else value)


def _indexes(table: Table) -> Iterator[str]:
    for name in ("time", *_INDEXES.get(table.name, ())):
        yield f"CREATE INDEX IF NOT EXISTS {table.name}_{name} ON {table.name} ({name})"
    if table.name == "claude_events":
        where = f"ON {table.name} (session, kind) WHERE kind IN ({SHARED})"
        yield f"CREATE INDEX IF NOT EXISTS {table.name}_shared {where}"
    if table.name == "claude_context":
        for name, rows in (("message", "sidechain"), ("request", "source = 'otel'")):
            # What may be a copy of an answer under another key; most sessions have few of them.
            where = f"ON {table.name} ({name}) WHERE {rows}"
            yield f"CREATE INDEX IF NOT EXISTS {table.name}_copies_{name} {where}"


def _moved(table: Table) -> Iterator[str]:
    """Where a better copy of a row is another session's, the session that had it is to be told."""
    if table.name in OF_SESSIONS:
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table.name}_moved AFTER UPDATE OF session"
            f" ON {table.name} WHEN old.session != new.session"
            # Not OR IGNORE: the outer statement's word on conflicts would stand above it.
            " BEGIN INSERT INTO stale SELECT old.session"
            " WHERE NOT EXISTS (SELECT 1 FROM stale WHERE session = old.session); END"
        )


def _daily_table(table: Table) -> str:
    daily = table.daily
    columns = [
        "day TEXT NOT NULL",
        *(f"{name} {_SQLITE[table.column(name).type]} NOT NULL" for name in daily.by),
        "count INTEGER NOT NULL",
        *(f"{name} INTEGER NOT NULL" for name in daily.counts),
        *(f"{name} {_SQLITE[table.column(name).type]}" for name in daily.sums),
        "histogram TEXT NOT NULL",
        f"PRIMARY KEY ({', '.join(('day', *daily.by))})",
    ]
    body = ",\n  ".join(columns)
    return f"CREATE TABLE IF NOT EXISTS {table.daily_name} (\n  {body}\n) WITHOUT ROWID"


def questdb_ddl(schema: Schema) -> tuple[str, ...]:
    """Statements that make the tables on a QuestDB: write-ahead log, partitions, no doubles."""
    return tuple(_questdb_table(schema, table) for table in schema.tables)


def questdb_additions(schema: Schema, found: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Statements that add columns which tables of an older schema lack there.

    `found` are tables and columns that are there; a table of which nothing is known is left alone.
    """
    there = frozenset(found)
    known = {table for table, _ in there}
    for table in schema.tables:
        for column in table.columns if table.name in known else ():
            if (table.name, column.name) not in there:
                kind = questdb_type(column)
                yield f"ALTER TABLE {table.name} ADD COLUMN IF NOT EXISTS {column.name} {kind}"


def questdb_type(column: Column) -> str:
    """What a column is there; a boolean that may be unknown is 0, 1 or null."""
    if column.type == BOOLEAN and column.default is None:
        return "INT"
    return _QUESTDB[column.type]


def _questdb_table(schema: Schema, table: Table) -> str:
    columns = [f"{one.name} {questdb_type(one)}" for one in (schema.machine, *table.columns)]
    keys = ", ".join(("time", schema.machine.name, *table.keys))
    body = ",\n  ".join(columns)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.name} (\n  {body}\n)"
        f" TIMESTAMP(time) PARTITION BY {table.partition} WAL DEDUP UPSERT KEYS({keys})"
    )


def upsert(table: Table) -> str:
    """The statement that puts a row (seq, columns …, rank), merged into one of the same keys.

    What a better source says of a column stands; a worse one fills what is not known. `time` and
    `counted` of a row that is there stay.
    """
    fixed = {"time", "counted", *table.keys}
    if table.name in _ADDED_UP:
        fixed |= {one.name for one in table.columns if isinstance(one.default, int)}
    merged = [_merged(table, column) for column in table.columns if column.name not in fixed]
    sets = (f"{SEQ} = excluded.{SEQ}", *merged, f"{RANK} = max({RANK}, excluded.{RANK})")
    better = _BETTER.get(table.name, f"excluded.{RANK} >= {RANK}")
    merge = f"ON CONFLICT ({', '.join(table.keys)}) DO UPDATE SET {', '.join(sets)}"
    marks = ", ".join("?" * (len(table.names) + 2))
    return f"{_insert(table)} ({marks}) {merge}".replace("$fuller", _FULLER).replace(
        "$better", better
    )


def insert_new(table: Table, count: int, rank: int) -> str:
    """The statement that puts `count` rows (columns …) of one rank, but none of a known key.

    Its first value is the number of the first; the others are counted from there.
    """
    marks = ", ".join("?" * len(table.names))
    rows = ", ".join(f"(?1 + {number}, {marks}, {rank})" for number in range(count))
    return f"{_insert(table)} {rows} ON CONFLICT DO NOTHING"


def _insert(table: Table) -> str:
    return f"INSERT INTO {table.name} ({', '.join((SEQ, *table.names, RANK))}) VALUES"


# Their counts are sums over other tables, which nobody tells.
_ADDED_UP = ("claude_sessions", "claude_agents")
# Of two copies of one thing the one of the lesser session stands, whichever is read first; within a
# session the later snapshot.
_LESSER = (
    f"excluded.{RANK} > {RANK} OR (excluded.{RANK} = {RANK}"
    " AND (excluded.session, excluded.agent) <= (session, agent))"
)
_BETTER = {"claude_context": _LESSER, "claude_tool_usage": _LESSER}
# A copy may have been made before an answer was whole: what it used is what the fullest one says.
_FULLER = (
    "CASE WHEN (excluded.session, excluded.agent, excluded.$rank) = (session, agent, $rank) THEN 1"
    " WHEN (excluded.output_tokens, excluded.context_tokens) = (output_tokens, context_tokens)"
    " THEN $better"
    " ELSE (excluded.output_tokens, coalesce(excluded.context_tokens, 0))"
    " > (output_tokens, coalesce(context_tokens, 0)) END"
).replace("$rank", RANK)
_USED = (
    *("model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"),
    *("cache_hour_tokens", "web_searches", "context_tokens", "window_tokens", "percent"),
    *("speed", "tier", "cost_usd"),
)


def _merged(table: Table, column: Column) -> str:
    if table.name == "claude_context" and column.name == "agent":
        # That of the main conversation has none, and that is known of it.
        return "agent = CASE WHEN $better THEN excluded.agent ELSE agent END"
    if table.name == "claude_context" and column.name == "project":
        # A session's own transcript is read before those that copy of it.
        return (
            "project = CASE WHEN excluded.session = session AND project != '' THEN project"
            " WHEN $better THEN excluded.project ELSE project END"
        )
    is_used = table.name == "claude_context" and column.name in _USED
    return _case(column).replace("$better", "$fuller") if is_used else _case(column)


def _case(column: Column) -> str:
    name, new, old = column.name, f"excluded.{column.name}", column.name
    if isinstance(column.default, str):
        # An empty word is one that nobody told.
        new, old = (f"nullif({one}, {literal(column.default)})" for one in (new, old))
        both = f"CASE WHEN $better THEN coalesce({new}, {old}) ELSE coalesce({old}, {new}) END"
        return f"{name} = coalesce({both}, {literal(column.default)})"
    if column.default is not None:
        return f"{name} = CASE WHEN $better THEN {new} ELSE {old} END"
    return f"{name} = CASE WHEN $better THEN coalesce({new}, {old}) ELSE coalesce({old}, {new}) END"
