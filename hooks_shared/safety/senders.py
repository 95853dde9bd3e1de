"""Programs of the network: secret files sent out, resources deleted, shells handed to strangers."""

from hooks_shared.safety.secrets import holds_secret
from hooks_shared.safety.sql import lost
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_CURL = (
    "-d -F -T -X -H -o -u -A -b -c -e -x -m -w -E --data --data-binary --data-raw --data-ascii "
    "--data-urlencode --form --upload-file --request --header --output --user --url --json "
    "--user-agent --cookie --cookie-jar --max-time --retry --cert --key --cacert --connect-timeout"
)
_WGET = "-O -o -P -U --post-file --body-file --post-data --method --header --output-document"
LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "host.docker.internal")  # noqa: S104 - compared, never bound
_DELETING = ("_delete_by_query", "/delete_series")
_DELETIONS = words("delete destroy purge drop truncate wipe terminate")
# Where search engines, document and time-series databases listen.
_DATA_PORTS = words("9200 9201 5984 7700 6333 8983 8086 8108 8123 8529 7474 8091")
_FLUSHES = ("flushall", "flushdb", "flush_all", "shutdown", "flushall async")
_UPLOADS = words(
    "-d -F -T --data --data-binary --data-raw --data-ascii --form --upload-file "
    "--data-urlencode --json --post-file --body-file"
)


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """The one entry: dispatches on the program."""
    if call.name in ("curl", "wget"):
        _web(judge, call, shell)
    elif call.name in ("scp", "sftp", "ftp", "tftp"):
        _copy(judge, call, shell)
    elif call.name in ("http", "https", "xh"):
        if "DELETE" in (one.upper() for one in call.args[:4]):
            _deleted(judge, call, " ".join(call.args))
    elif call.name in (
        "az",
        "s3cmd",
        "s5cmd",
        "mc",
        "b2",
        "azcopy",
        "rsync",
        "gh",
        "aws",
        "gsutil",
        "rclone",
        "gcloud",
    ):
        _upload(judge, call, shell)
    elif call.name in ("mail", "mailx", "mutt", "neomutt", "swaks"):
        _attached(judge, call, shell)
    elif call.name in ("nc", "ncat", "netcat", "socat", "telnet"):
        _socket(judge, call)
    elif call.name == "nsupdate" and "delete " in (call.stdin or ""):
        judge.hit("web-delete", call)
    if any(
        operator == "<" and holds_secret(shell, call, path)
        for operator, _, path in call.redirections
    ):
        judge.hit("secret-sent", call)


def _web(judge: "Judge", call: "Call", shell: "Shell") -> None:
    options = Options(call.args, frozenset((_CURL if call.name == "curl" else _WGET).split()))
    for value in options.values(*_UPLOADS):
        file = value.partition("@")[2] if "@" in value else value
        file = file.partition(";")[0]
        sends = "@" in value or options.has("-T", "--upload-file", "--post-file", "--body-file")
        if sends and (holds_secret(shell, call, file) or file.startswith("/etc/")):
            judge.hit("secret-sent", call, file)
            return
    output = options.value("-o", "--output", "-O", "--output-document")
    if output and output not in ("-", "/dev/null"):
        from hooks_shared.safety.writes import judge_write

        judge_write(judge, call, output, False)
    method = options.value("-X", "--request", "--method").upper()
    urls = " ".join([*options.operands, *options.values("--url")])
    body = " ".join(options.values(*_UPLOADS))
    if (
        method == "DELETE"
        or any(one in urls for one in _DELETING)
        or ("mutation" in body and any(one in body for one in ("delete", "destroy", "remove")))
        or ((body or method == "POST") and _names_deletion(urls))
    ):
        _deleted(judge, call, urls)
    elif body and ("<delete>" in body or _is_database(urls)):
        rule = "db-drop" if "<delete>" in body else lost(body.partition("=")[2] or body)
        if rule:
            judge.hit(rule, call, body)


def _names_deletion(urls: str) -> bool:
    """`POST …/users/42/delete`, `POST …/api/chat.delete`."""
    last = urls.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    return last.replace(".", "-").replace("_", "-").split("-")[-1] in _DELETIONS


def _is_database(urls: str) -> bool:
    host = urls.partition("://")[2] or urls
    return host.partition("/")[0].rpartition(":")[2] in _DATA_PORTS


def _deleted(judge: "Judge", call: "Call", urls: str) -> None:
    """A database is data even on this machine; otherwise only other machines count."""
    if "_all" in urls or any(one in urls for one in _DELETING) or _is_database(urls):
        judge.hit("db-drop", call, urls)
    elif not any(host in urls for host in LOCAL):
        judge.hit("web-delete", call, urls)


def _copy(judge: "Judge", call: "Call", shell: "Shell") -> None:
    operands = Options(call.args, words("-P -i -o -F -c -l -S -J")).operands
    for line in (call.stdin or "").split("\n") if call.name in ("sftp", "ftp") else ():
        words_of = line.split()
        if words_of[:1] in (["put"], ["mput"]) and holds_secret(shell, call, words_of[-1]):
            judge.hit("secret-sent", call, words_of[-1])
    for path in operands[:-1]:
        remote = ":" in operands[-1]
        if remote and ":" not in path and holds_secret(shell, call, path):
            judge.hit("secret-sent", call, path)


def _attached(judge: "Judge", call: "Call", shell: "Shell") -> None:
    options = Options(call.args, words("-a -s -c -b -i -F --attach --header --to --from"))
    for path in options.values("-a", "--attach"):
        if holds_secret(shell, call, path.removeprefix("@")):
            judge.hit("secret-sent", call, path)


def _upload(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """A secret file among what is copied to a store, a gist or another machine."""
    verbs = {"rsync": (), "gh": ("gist", "release"), "rclone": ("copy", "copyto", "sync", "move")}
    needed = verbs.get(call.name, ("cp", "mv", "sync", "put", "mirror", "upload", "upload-batch"))
    if needed and not set(needed) & set(call.args):
        return
    remote = call.name in ("gh", "rclone", "az", "b2", "mc") or any(":" in one for one in call.args)
    for path in call.args if call.name in ("gh", "az", "b2") else call.args[:-1]:
        if remote and ":" not in path and holds_secret(shell, call, path):
            judge.hit("secret-sent", call, path)
            return


def _socket(judge: "Judge", call: "Call") -> None:
    options = Options(call.args, words("-e -c -p -s -w --exec --sh-exec"))
    runs = options.value("-e", "-c", "--exec", "--sh-exec")
    given = " ".join(call.args)
    if (runs and "sh" in runs) or "EXEC:" in given.upper():
        judge.hit("reverse-shell", call)
    for line in (call.stdin or "").split("\n")[:64]:  # what servers of lines understand
        if line.strip().lower() in _FLUSHES:
            judge.hit("db-drop", call, line)
