"""Databases: SQL given to a client, and shells of document, key and graph stores."""

from hooks_shared.safety.paths import DISPOSABLE
from hooks_shared.safety.sql import lost
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import has_open, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_SQL_OPTIONS = words(
    "-c --command -e --execute -q --query -Q -cmd --eval --javascript.execute-string"
)
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
_FRAMEWORKS = ("rails", "manage.py", "django-admin")
_MONGO = (
    "dropDatabase", "_dropDatabase", "_drop", "drop", "deleteMany", "remove", "dropUser",
    "dropAllUsers",
)  # fmt: skip


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if call.name in _FRAMEWORKS and not {"dbshell", "dbconsole", "db"} & set(call.args):
        return
    found = _BY_NAME.get(call.name)
    if found is not None:
        found(judge, call, shell)
    else:
        _sql_client(judge, call, shell)


def _texts(call: "Call") -> list[str]:
    """What a client is told to do: options, operands, standard input."""
    options = Options(call.args, _SQL_VALUED)
    texts = options.values(*_SQL_OPTIONS)
    texts += [one.partition("=")[2] if one[:2] == "--" else one for one in call.args if " " in one]
    if call.stdin:
        texts.append(call.stdin)
    return texts


def _is_scratch(judge: "Judge", call: "Call") -> bool:
    """A database in memory or in a temporary folder, or a query that is only tried."""
    if {"--dry_run", "--dry-run", "--dry_run=true"} & set(call.args):
        return True
    if call.name not in ("sqlite3", "sqlite", "duckdb", "litecli"):
        return False
    file = "".join(Options(call.args, _SQL_VALUED).operands[:1])
    return file == ":memory:" or (bool(file) and judge.place(file, call).kind == DISPOSABLE)


def _sql_client(judge: "Judge", call: "Call", shell: "Shell") -> None:
    if _is_scratch(judge, call):
        return
    files = Options(call.args, _SQL_VALUED | {"--file"}).values("-f", "--file")
    texts = [*_texts(call), *(shell.read(file) for file in files)]
    found = [(rule, text) for text in texts if (rule := lost(text))]
    for rule, text in sorted(found, key=lambda one: one[0] == "service-stop")[:1]:
        judge.hit(rule, call, text)


def _mongo(judge: "Judge", call: "Call", shell: "Shell") -> None:
    scripts = [shell.read(one) for one in call.args if one.endswith((".js", ".mongodb"))]
    for text in [*_texts(call), *scripts]:
        if "ommand(" in text and ("dropDatabase" in text or "drop:" in text):
            judge.hit("db-drop", call, text)
            return
        if _updates_all(text):
            judge.hit("db-update", call, text)
            return
        for name in _MONGO:
            before, found, after = text.partition(f".{name}(")
            empty = after.lstrip()[:2] in ("{}", ")") or after.lstrip()[:1] == ")"
            if found and before and (name not in ("deleteMany", "remove") or empty):
                judge.hit("db-drop", call, text)
                return


def _updates_all(text: str) -> bool:
    """`updateMany({}, …)`."""
    return "updateMany({}," in text.replace(" ", "")


def _redis(judge: "Judge", call: "Call", shell: "Shell") -> None:
    given = Options(call.args, words("-h -p -a -n -u -r -i --user --pass -s"), False).operands
    for spoken in [given, *(line.split() for line in (call.stdin or "").split("\n")[:64])]:
        command = [one.upper() for one in spoken]
        rule = _redis_rule(command, "xargs" in call.via or has_open("".join(spoken[-1:])))
        if rule:
            judge.hit(rule, call)
            return


def _redis_rule(command: list[str], listed: bool) -> str:
    verb = command[0] if command else ""
    scripted = verb in ("EVAL", "EVALSHA") and any(
        "FLUSH" in one or ("KEYS" in one and "'DEL'" in one.replace('"', "'")) for one in command
    )
    if verb in ("FLUSHALL", "FLUSHDB", "SHUTDOWN") or scripted:
        return "db-drop"
    if verb == "CONFIG" and command[1:3] == ["SET", "DIR"]:
        return "db-alter"
    return "db-delete" if verb in ("DEL", "UNLINK") and listed else ""


def _graph(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """Cypher: every node that the pattern does not narrow."""
    for text in _texts(call):
        upper = text.upper()
        narrow = "WHERE" in upper or "{" in upper
        if ("DELETE " in upper and not narrow) or upper.startswith(("DROP ", "CREATE OR REPLACE")):
            judge.hit("db-delete", call, text)
            return


def _drop_program(judge: "Judge", call: "Call", shell: "Shell") -> None:
    if call.args and "--help" not in call.args:
        judge.hit("db-drop", call)


def _mysqladmin(judge: "Judge", call: "Call", shell: "Shell") -> None:
    if "drop" in call.args:
        judge.hit("db-drop", call)


def _pg_restore(judge: "Judge", call: "Call", shell: "Shell") -> None:
    if Options(call.args, _SQL_VALUED).has("-c", "--clean"):
        judge.hit("db-alter", call)


_BY_NAME: "dict[str, Callable[[Judge, Call, Shell], None]]" = {
    **dict.fromkeys(("mongo", "mongosh", "arangosh"), _mongo),
    **dict.fromkeys(("redis-cli", "valkey-cli"), _redis),
    **dict.fromkeys(("dropdb", "dropuser"), _drop_program),
    "cypher-shell": _graph,
    "mysqladmin": _mysqladmin,
    "pg_restore": _pg_restore,
}
