"""What calls of other languages return where their arguments say it: joined paths, homes, decoded.

A list of files is its pattern; what came over the network or out of a decoder stays marked.
"""

from hooks_shared.shell.values import (
    DECODED,
    FETCHED,
    SECRET,
    UNSET,
    globbed,
    has_open,
    is_open,
    words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Fold = Callable[["Made"], str | None]


class Made:
    """One call to be replaced by what it returns.

    Attributes:
        name: the whole name. receiver: the string before a method, or None. args: its arguments,
            UNSET where unknown. home: the home folder.
    """

    __slots__ = ("args", "home", "name", "receiver")

    def __init__(self, name: str, receiver: str | None, args: list[str], home: str) -> None:
        self.name = name
        self.receiver = receiver
        self.args = args
        self.home = home


def value_of(made: Made) -> str | None:
    """The string that a call returns; None where nothing is known of it."""
    if made.name in ("Pathname.new", "File.new"):
        return _same(made)
    last = "listdir" if made.name == "list.files" else made.name.rpartition(".")[2]
    found = _FOLDS.get(last)
    return found(made) if found is not None else None


def _join(made: Made) -> str | None:
    """`os.path.join(a, b)`, `"".join([…])`, `["rm", "-rf"].join(" ")`, `Path(a).joinpath(b)`."""
    if made.receiver is not None and made.name.endswith("join"):
        return made.receiver.join(made.args)
    parts = [*([made.receiver] if made.receiver is not None else []), *made.args]
    for index in range(len(parts) - 1, 0, -1):
        if parts[index].startswith("/"):
            return "/".join(parts[index:])
    return "/".join(one.rstrip("/") if one != "/" else "" for one in parts)


def _same(made: Made) -> str | None:
    """Functions and methods that change nothing of interest."""
    if made.receiver is not None:
        return made.receiver
    return made.args[0] if made.args else None


def _of_receiver(made: Made) -> str | None:
    return made.receiver


def _home(made: Made) -> str | None:
    return made.home if not made.args else None


def _user(made: Made) -> str | None:
    text = made.receiver if made.receiver is not None else "".join(made.args[:1])
    return made.home + text[1:] if text[:1] == "~" and text[1:2] in ("", "/") else text or None


def _current(made: Made) -> str | None:
    return "."


def _temporary(made: Made) -> str | None:
    return "/tmp/made"  # noqa: S108 - stands for what is made there


def _listed(made: Made) -> str | None:
    """`listdir(x)`, `readdirSync(x)`, `Path(x).iterdir()`, `walk(x)`: everything in a folder."""
    folder = made.receiver if made.receiver is not None else "".join(made.args[:1])
    folder = made.home + folder[1:] if folder[:2] == "~/" else folder
    return globbed(f"{folder or '.'}/*")


def _globbed(made: Made) -> str | None:
    if not made.args:
        return None
    pattern = globbed(made.args[0])
    pattern = made.home + pattern[1:] if pattern[:2] == "~/" else pattern
    if made.receiver is None:
        return pattern
    return f"{made.receiver}/" + (globbed("*/") if "rglob" in made.name else "") + pattern


def _decoded(made: Made) -> str | None:
    from binascii import Error, a2b_base64

    if made.name.endswith("from") and made.args[1:2] != ["base64"]:
        return made.args[0] if made.args else None
    if not made.args and made.receiver is None:
        return None
    text = made.args[0] if made.args else made.receiver or ""
    if has_open(text):
        return DECODED
    try:
        data = bytes.fromhex(text) if "hex" in made.name else a2b_base64(text + "==")
    except (ValueError, Error):
        return DECODED
    return data.decode("latin-1")


def _fetched(made: Made) -> str | None:
    """What a server sends; `get` is everybody's word, so that it needs its module."""
    last = made.name.rpartition(".")[2]
    if last in ("get", "fetch", "open") and not any(one in made.name for one in _NETS):
        return None
    return FETCHED


def _opened(made: Made) -> str | None:
    """`open("https://…")` of ruby, `file_get_contents("https://…")` of php."""
    return FETCHED if made.args[:1] and made.args[0].startswith(("http://", "https://")) else None


def _output(made: Made) -> str | None:
    """What a program prints that fetches."""
    command = " ".join(made.args[:2])
    return FETCHED if command.startswith(("curl ", "wget ")) else None


def _environment(made: Made) -> str | None:
    """`os.getenv("HOME")`, `os.environ.get("X")`."""
    if "env" not in made.name.lower() or not made.args:
        return _fetched(made) if made.name.endswith("get") else None
    return variable(made.args[0], made.home)


def variable(name: str, home: str) -> str:
    """What a variable of the environment holds."""
    if name in ("HOME", "USERPROFILE"):
        return home
    upper = name.upper()
    return SECRET + UNSET if any(word in upper for word in _SECRET_WORDS) else UNSET


def _character(made: Made) -> str | None:
    codes = [one for one in made.args if one.isascii() and one.isdigit()]
    return "".join(chr(int(one[:6])) for one in codes if int(one[:6]) < 0xD800) or None


def _replaced(made: Made) -> str | None:
    if made.receiver is None or len(made.args) != 2 or is_open(made.receiver):
        return made.receiver
    old, new = made.args
    return made.receiver.replace(old, new) if old else made.receiver


_NETS = ("requests", "httpx", "urllib", "axios", "http", "HTTP", "URI", "got", "aiohttp")
_SECRET_WORDS = ("SECRET", "TOKEN", "PASSWORD", "API_KEY", "PRIVATE_KEY", "ACCESS_KEY")

_FOLDS: "dict[str, Fold]" = {
    **dict.fromkeys(("join", "joinpath", "resolve", "Join"), _join),
    **dict.fromkeys(
        words("Path PurePath PosixPath File str String abspath realpath normpath normalize list "
              "sorted bytes expand_path Pathname split lower decode encode strip trim toString "
              "to_s absolute array reversed iter tuple set"),
        _same,
    ),
    **dict.fromkeys(
        words("read readlines text json body content chomp sort reverse filter to_a getvalue "
              "splitlines read_body"),
        _of_receiver,
    ),
    **dict.fromkeys(("home", "homedir"), _home),
    **dict.fromkeys(("expanduser", "expand_user"), _user),
    **dict.fromkeys(("cwd", "getcwd", "getwd"), _current),
    **dict.fromkeys(words("mkdtemp gettempdir tmpdir mkdtempSync mktmpdir sys_get_temp_dir"),
                    _temporary),
    **dict.fromkeys(words("listdir scandir iterdir readdirSync readdir walk children entries "
                          "each_child glob_r walkdir"), _listed),
    **dict.fromkeys(words("glob iglob rglob globSync globby"), _globbed),
    **dict.fromkeys(words("b64decode atob decode64 base64_decode from fromhex unhexlify "
                          "decode_base64 strict_decode64 hex2bin"), _decoded),
    **dict.fromkeys(words("urlopen urlretrieve fetch open_uri file_get_contents_url"), _fetched),
    **dict.fromkeys(("get", "getenv", "fetch_env"), _environment),
    **dict.fromkeys(("chr", "fromCharCode"), _character),
    **dict.fromkeys(("open", "file_get_contents", "LoadFile"), _opened),
    **dict.fromkeys(words("execSync check_output getoutput popen shell_exec backtick"), _output),
    **dict.fromkeys(words("bool len isset defined hash md5 sha256"), lambda made: "0"),
    **dict.fromkeys(words("decompress inflate gunzip inflateSync gunzipSync inflateRawSync "
                          "gzuncompress gzinflate gzdecode"), lambda made: DECODED),
    "replace": _replaced,
}  # fmt: skip
