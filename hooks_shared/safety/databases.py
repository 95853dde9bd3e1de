"""Databases: SQL given to a client, shells of document stores, and tools that reset a schema."""

from hooks_shared.safety.sql import lost
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_SQL_OPTIONS = words("-c --command -e --execute -q --query -Q -cmd --eval")
_SQL_VALUED = frozenset(
    (
        *_SQL_OPTIONS,
        *[
            "-h",
            "-U",
            "-d",
            "-p",
            "-P",
            "-u",
            "-f",
            "-o",
            "-v",
            "-D",
            "-S",
            "-n",
            "--host",
            "--user",
            "--dbname",
            "--port",
        ],
    )
)
_MONGO = ("dropDatabase", "drop", "deleteMany", "remove", "dropUser", "dropAllUsers")
_TOOL_WORDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "rails": (
        ("db:drop",),
        ("db:reset",),
        ("db:purge",),
        ("db:migrate:reset",),
        ("db:schema:load",),
    ),
    "artisan": (("migrate:fresh",), ("migrate:reset",), ("db:wipe",), ("migrate:refresh",)),
    "manage.py": (("flush",), ("reset_db",), ("sqlflush",)),
    "prisma": (
        ("migrate", "reset"),
        ("db", "push", "--force-reset"),
        ("db", "push", "--accept-data-loss"),
    ),
    "sequelize": (("db:drop",), ("db:migrate:undo:all",)),
    "knex": (("migrate:rollback", "--all"),),
    "typeorm": (("schema:drop",),),
    "drizzle-kit": (("drop",),),
    "alembic": (("downgrade", "base"),),
    "flyway": (("clean",),),
    "liquibase": (("dropAll",), ("drop-all",)),
    "dbmate": (("drop",),),
    "mikro-orm": (("schema:drop",), ("schema:fresh",), ("migration:fresh",)),
    "console": (
        ("doctrine:database:drop",),
        ("doctrine:schema:drop",),
        ("doctrine:fixtures:load",),
    ),
    "turso": (("db", "destroy"),),
    "pscale": (("database", "delete"), ("branch", "delete")),
    "influx": (("bucket", "delete"), ("delete",)),
}
_SAME = {
    "rake": "rails",
    "bin/rails": "rails",
    "sequelize-cli": "sequelize",
    "django-admin": "manage.py",
}


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    name = _SAME.get(call.name, call.name)
    found = _BY_NAME.get(name)
    if found is not None:
        found(judge, call)
    elif name in _TOOL_WORDS:
        judge_tool(judge, call, name, call.args)
    else:
        _sql_client(judge, call, shell)


def judge_tool(judge: "Judge", call: "Call", name: str, args: list[str]) -> None:
    """Note a migration tool that throws the data away."""
    if "--help" in args or "--dry-run" in args or "--pretend" in args:
        return
    for needed in _TOOL_WORDS.get(_SAME.get(name, name), ()):
        if all(word in args for word in needed):
            judge.hit("db-tool", call)
            return


def judge_script(judge: "Judge", call: "Call") -> None:
    """`python manage.py flush`, `php artisan migrate:fresh`, `bin/rails db:drop`."""
    for index, argument in enumerate(call.args[:4]):
        name = last_name(argument)
        if name in ("manage.py", "artisan", "rails", "console"):
            judge_tool(judge, call, name, call.args[index + 1 :])
            return


def _texts(call: "Call") -> list[str]:
    options = Options(call.args, _SQL_VALUED)
    texts = options.values(*_SQL_OPTIONS)
    texts += [one for one in options.operands if " " in one]
    if call.stdin:
        texts.append(call.stdin)
    return texts


def _sql_client(judge: "Judge", call: "Call", shell: "Shell") -> None:
    files = Options(call.args, _SQL_VALUED | {"--file"}).values("-f", "--file")
    for text in [*_texts(call), *(shell.read(file) for file in files)]:
        rule = lost(text)
        if rule:
            judge.hit(rule, call, text)
            return


def _mongo(judge: "Judge", call: "Call") -> None:
    for text in _texts(call):
        for name in _MONGO:
            before, found, after = text.partition(f".{name}(")
            empty = after.lstrip()[:2] in ("{}", ")") or after.lstrip()[:1] == ")"
            if found and before and (name not in ("deleteMany", "remove") or empty):
                judge.hit("db-drop", call, text)
                return


def _redis(judge: "Judge", call: "Call") -> None:
    words = [one.upper() for one in call.args]
    words += (call.stdin or "").upper().split()
    if {"FLUSHALL", "FLUSHDB"} & set(words) or words[-1:] == ["SHUTDOWN"]:
        judge.hit("db-drop", call)
    elif "CONFIG" in words and "SET" in words and "DIR" in words:
        judge.hit("db-alter", call)


def _drop_program(judge: "Judge", call: "Call") -> None:
    if call.args and "--help" not in call.args:
        judge.hit("db-drop", call)


def _mysqladmin(judge: "Judge", call: "Call") -> None:
    if "drop" in call.args:
        judge.hit("db-drop", call)


def _pg_restore(judge: "Judge", call: "Call") -> None:
    if Options(call.args, _SQL_VALUED).has("-c", "--clean"):
        judge.hit("db-alter", call)


_BY_NAME: "dict[str, Callable[[Judge, Call], None]]" = {
    **dict.fromkeys(("mongo", "mongosh"), _mongo),
    **dict.fromkeys(("redis-cli", "valkey-cli"), _redis),
    **dict.fromkeys(("dropdb", "dropuser"), _drop_program),
    "mysqladmin": _mysqladmin,
    "pg_restore": _pg_restore,
}
