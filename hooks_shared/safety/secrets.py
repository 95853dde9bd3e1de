"""Keys and passwords: files that hold them read, and anything of theirs sent over the network."""

from hooks_shared.safety.paths import is_secret
from hooks_shared.shell.options import Options
from hooks_shared.shell.values import SECRET, UNKNOWN, UNSET, joined, last_name, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.judge import Judge
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_SENDERS = words(
    "curl wget nc ncat netcat socat ssh scp sftp ftp tftp telnet mail mailx sendmail http "
    "https xh nslookup dig host ping rsync openssl gh aws gsutil rclone websocat "
    "pastebinit"
)
_TESTS = words("-e -f -q -c -l -L -v -i -n -o -w -m")
_PASSWORD_WORDS = {
    "security": ("find-generic-password", "find-internet-password", "dump-keychain", "export"),
    "gpg": ("--export-secret-keys", "--export-secret-subkeys"),
    "pass": ("show",),
    "op": ("read", "get"),
    "secret-tool": ("lookup", "search"),
    "keyring": ("get",),
    "bw": ("get", "list"),
    "lpass": ("show",),
    "sops": ("-d", "--decrypt", "decrypt"),
    "ansible-vault": ("view", "decrypt", "edit"),
    "age": (),
    "gopass": ("show", "cat"),
    "chamber": ("read", "export"),
    "doppler": ("download", "get"),
    "infisical": ("export", "get"),
    "npm": (),
    "git": (),
}
_GREPS = words("grep egrep fgrep rg ag ack awk jq yq")
_VALUED = words("-n -c -e -A -B -C -m -d -f")
_CLIPBOARDS = ("pbcopy", "xclip", "xsel", "wl-copy", "clip")
_PASSERS = words("cat base64 xxd od hexdump rev tee head tail tr fold")
_SILENT = words("-q -c -l --quiet --count --silent --files-with-matches")


def holds_secret(shell: "Shell", call: "Call", path: str) -> bool:
    """Whether a file has a secret's name, or the line put secret text into it."""
    whole = joined(call.cwd, path)
    return is_secret(whole) or SECRET in shell.state.files.get(whole, "")


def judge(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """Note a program that shows what a secret holds."""
    words = _PASSWORD_WORDS.get(call.name)
    if words is not None:
        if set(words) & set(call.args[:3]) or _names_password(call, shell.state.captured):
            judge.hit("secret-read", call)
    elif call.name in ("cp", "gcp", "ln", "install"):
        _copied(judge, call)
    elif call.name == "openssl":
        _openssl(judge, call, shell)
    else:
        _shown(judge, call, shell)


def _names_password(call: "Call", captured: bool) -> bool:
    """`pass db/prod`, `npm config get …:_authToken`, `git config http.extraheader`."""
    if any(one.startswith("--export-secret") for one in call.args):
        return True
    if call.name in ("gpg", "gpg2", "age"):
        kept = call.redirections or {"-o", "--output", "-e"} & set(call.args)
        return bool({"-d", "--decrypt"} & set(call.args)) and not kept and not captured
    if call.name == "pass":
        own = words("ls list find grep insert edit generate rm mv cp git help version init add")
        return bool(call.args) and call.args[0] not in own and call.args[0][:1] != "-"
    if call.name in ("npm", "git") and "config" in call.args[:3]:
        reads = len([one for one in call.args if one[:1] != "-"]) < 3 or "get" in call.args
        reads = reads or any(one.startswith("--get") for one in call.args)
        return reads and any("_auth" in one or "extraheader" in one for one in call.args)
    return False


def _shown(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """`cat`, `grep` and all others that print what is in a file, or pick it out of a pipe."""
    if call.stdin and SECRET in call.stdin and _picks_secret(call, shell):
        judge.hit("secret-shown", call)
        return
    for path in _files(call):
        if holds_secret(shell, call, path) and not _is_loaded(shell, call, path):
            judge.hit("secret-read", call, path, joined(call.cwd, path))
            return
    _environment(judge, call)


def _picks_secret(call: "Call", shell: "Shell") -> bool:
    """`env | grep TOKEN`, `echo "$KEY" | base64`: the secret itself comes out at the end."""
    if call.name in _CLIPBOARDS:
        return True
    if shell.state.captured or call.redirections:
        return False
    if call.name in _GREPS and call.name != "awk":
        if any(one in _SILENT for one in call.args):
            return False
        return any(_is_secret_name(one) for one in call.args)
    given = call.stdin or ""
    certain = SECRET + UNSET in given or SECRET + UNKNOWN in given
    return certain and call.name in _PASSERS


def _files(call: "Call") -> list[str]:
    """The files that a program reads; none where it prints nothing of them."""
    if call.name in _GREPS and any(one in _SILENT for one in call.args):
        return []
    if call.name == "sed":
        in_place = any(one.startswith("-i") for one in call.args)
        return [] if in_place else Options(call.args).operands[1:]
    if call.name == "cut":  # the first field of `NAME=value` is no secret
        options = Options(call.args, ("-d", "-f", "-c", "-b"))
        return [] if options.value("-f") == "1" else options.operands
    if call.name == "sqlite3":
        return Options(call.args, ("-cmd", "-separator", "-init")).operands[:1]
    if call.name in ("perl", "ruby"):
        reads = any(one[:1] == "-" and {"n", "p"} & set(one[1:4]) for one in call.args)
        return Options(call.args, ("-e", "-E", "-I", "-M", "-r")).operands if reads else []
    return _operands(call)


def _operands(call: "Call") -> list[str]:
    if call.name == "od":
        return Options(call.args, ("-A", "-j", "-N", "-t", "-w")).operands
    operands = Options(call.args, _VALUED).operands
    if "-o" in call.args and operands[:1] and "=" not in operands[0] and "." not in operands[0]:
        return []  # the names before the `=` only
    return operands[1:] if call.name in _GREPS else operands


def _is_loaded(shell: "Shell", call: "Call", path: str) -> bool:
    """`export $(cat .env | xargs)`: what a file of variables is for."""
    reads = call.name in ("cat", "grep", "egrep")
    return reads and shell.state.substituted and last_name(path).startswith(".env")


def _copied(judge: "Judge", call: "Call") -> None:
    """A key of the home folder copied where keys do not belong."""
    operands = Options(call.args, ("-t", "-S", "-m", "-o", "-g", "--target-directory")).operands
    for path in operands[:-1]:
        whole = joined(call.cwd, path)
        kept = any(f"/{one}/" in whole + "/" for one in (".ssh", ".aws", ".gnupg", ".kube"))
        target = joined(call.cwd, operands[-1])
        if kept and is_secret(whole) and not any(f"/{one}" in target for one in (".ssh", ".aws")):
            judge.hit("secret-read", call, path, whole)
            return


def _openssl(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """A private key written out to the terminal."""
    if call.args[:1] == ["pkcs12"] and {"-nodes", "-noenc"} & set(call.args):
        judge.hit("secret-read", call)
    decrypts = call.args[:1] == ["enc"] and "-d" in call.args and "-out" not in call.args
    if decrypts and not call.redirections and not shell.state.captured:
        for path in Options(call.args, ("-in", "-pass", "-k", "-kfile")).values("-in"):
            if holds_secret(shell, call, path):
                judge.hit("secret-read", call, path)
    shows = call.args[:1] in (["rsa"], ["pkey"], ["ec"], ["dsa"])
    if shows and not {"-noout", "-out", "-pubout", "-check"} & set(call.args):
        for path in Options(call.args, ("-in", "-passin", "-inform")).values("-in"):
            if holds_secret(shell, call, path):
                judge.hit("secret-read", call, path)


def _environment(judge: "Judge", call: "Call") -> None:
    """`printenv NAME` of a name that says it is secret; `< .env` read by what shows it."""
    shows = call.name == "printenv" or "-p" in call.args[:1]
    if (
        shows
        and call.name in ("printenv", "declare", "typeset")
        and any(_is_secret_name(one) for one in call.args)
    ):
        judge.hit("secret-read", call)
    for operator, _, path in call.redirections:
        if (
            operator == "<"
            and is_secret(joined(call.cwd, path))
            and call.name in ("cat", "base64", "xxd", "tr", "head", "tail", "tac", "strings", "od")
        ):
            judge.hit("secret-read", call, path)


def _is_secret_name(name: str) -> bool:
    upper = name.upper()
    return any(
        word in upper
        for word in ("SECRET", "TOKEN", "PASSW", "API_KEY", "PRIVATE_KEY", "CREDENTIAL")
    ) or (upper.rstrip("=") in ("KEY", "KEYS", "PASS", "AWS", "AUTH"))


def judge_sent(judge: "Judge", call: "Call", shell: "Shell") -> None:
    """Note a program of the network that is given secret text; its own credentials are fine."""
    if call.name in ("echo", "printf"):
        given = "".join(call.args)  # a variable, or a file that was read into the line
        certain = given.replace(UNKNOWN + SECRET, "").replace(UNSET + SECRET, "")
        shown = SECRET in certain and not (shell.state.substituted and SECRET + UNSET not in given)
        if shown and not shell.state.captured and not call.redirections:
            judge.hit("secret-shown", call)
        return
    if call.name not in _SENDERS:
        return
    if call.stdin and SECRET in call.stdin and _reads_stdin(call):
        judge.hit("secret-sent", call)
        return
    skipped = words(
        "-H --header -u --user -b --cookie -E --cert --key -i -A --oauth2-bearer --proxy-user"
    )
    if call.name not in ("curl", "wget", "http", "https", "xh"):
        skipped = frozenset(("-p", "--password", "--token", "-k"))
    before = ""
    for argument in call.args:
        attached = argument.startswith(
            ("-H", "-u", "--header=", "--user=", "Authorization", "--password")
        )
        if SECRET in argument and before not in skipped and not attached:
            judge.hit("secret-sent", call, last_name(argument))
            return
        before = argument


def _reads_stdin(call: "Call") -> bool:
    if call.name == "curl":
        joined_args = " ".join(call.args)
        return "@-" in joined_args or "-T" in call.args or "<-" in joined_args
    if call.name in ("nslookup", "dig", "host", "ping", "scp"):
        return False
    if call.name == "wget":
        return any("/dev/stdin" in one for one in call.args)
    return True
