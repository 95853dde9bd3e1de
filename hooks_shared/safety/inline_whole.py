"""What all words of a program say together: secrets sent, a shell on a socket, endless forks."""

from hooks_shared.safety.inline_calls import CONNECTORS, READERS, SENDERS, SHELL_NAMES
from hooks_shared.safety.inline_tokens import NAME, STRING, Token
from hooks_shared.safety.paths import is_secret
from hooks_shared.safety.senders import LOCAL
from hooks_shared.shell.values import joined, last_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.safety.inline_reading import Reading


_WEB = ("requests.", "httpx.", "axios.", "session.", "got.", "ky.", "superagent.", "client.",
        "HTTParty.", "Faraday.", "RestClient.", "http.", "Net::HTTP", "Net.HTTP")  # fmt: skip


_ASKERS = frozenset((*SENDERS, "Request", "open", "ajax", "XMLHttpRequest"))


def judge_whole(reading: "Reading") -> None:
    """What only all words together say: secrets sent, a shell on a socket, forks without end."""
    words = reading.words
    strings = [one.text for one in reading.found if one.kind == STRING]
    if words & CONNECTORS and any(last_name(one.split(" ")[0]) in SHELL_NAMES for one in strings):
        reading.hit("reverse-shell")
    if "fork" in words and words & {"while", "for", "loop", "until"} and "wait" not in words:
        reading.hit("fork-bomb")
    if reading.sends or (words & SENDERS and _sends_environment(reading)):
        reading.hit("secret-sent")
    if words & {"fetch", "urlopen", "axios", "got"} and _passes_evaluator(reading):
        reading.hit("run-fetched")
    if reading.language == "osascript" and {"Finder", "System Events"} & set(strings):
        if words & {"delete", "empty"}:
            reading.hit("inline-removal")
        elif words & {"shut", "restart"}:
            reading.hit("shutdown")
    if _deletes_on_the_web(reading, strings):
        reading.hit("web-delete")
    endless = "process_iter" in words and words & {"kill", "terminate"} and "if" not in words
    if endless or _kills_everything(reading.plain):
        reading.hit("kill-everything")
    _read_secrets(reading)


def _deletes_on_the_web(reading: "Reading", strings: list[str]) -> bool:
    """`requests.delete("https://…")`, `fetch("https://…", {method: "DELETE"})`."""
    given = [*strings, *(one.text for one in reading.plain if one.kind == STRING)]
    method = any(
        token.kind == NAME and token.text.startswith(_WEB) and token.text.lower().endswith("delete")
        for token in reading.found
    ) or (bool(reading.words & _ASKERS) and any(one.upper() == "DELETE" for one in given))
    addresses = [one for one in given if one.startswith(("http://", "https://"))]
    return method and any(not one.partition("//")[2].startswith(LOCAL) for one in addresses)


def _kills_everything(plain: list[Token]) -> bool:
    """`os.kill(-1, 9)`, `Process.kill(9, -1)`."""
    for index, token in enumerate(plain):
        if token.kind == NAME and token.text.lower() in ("os.kill", "process.kill"):
            given = "".join(one.text for one in plain[index + 1 : index + 7])
            if "(-1," in given or ",-1)" in given or "(-1)" in given:
                return True
    return False


def _passes_evaluator(reading: "Reading") -> bool:
    """`fetch(…).then(eval)`: handed over as a value."""
    plain = reading.plain
    return any(
        token.text in ("eval", "exec", "Function")
        and plain[index - 1].text == "("
        and plain[index + 1 : index + 2]
        and plain[index + 1].text == ")"
        for index, token in enumerate(plain)
        if index
    )


def _sends_environment(reading: "Reading") -> bool:
    """The whole environment, not one variable of it, among what is sent."""
    for index, token in enumerate(reading.plain):
        if token.kind != NAME:
            continue
        if token.text in ("os.environ", "process.env", "ENV", "environ"):
            following = reading.plain[index + 1 : index + 2]
            if not following or following[0].text not in ("[", ".", "{"):
                return True
        elif token.text.startswith(("ENV.to_", "ENV.inspect", "os.environ.items")):
            return True
    return False


def _read_secrets(reading: "Reading") -> None:
    """A secret file that the program opens to read, or even sends on."""
    if not reading.words & READERS:
        return
    found = [*reading.plain, *reading.found]
    for index, token in enumerate(found):
        if token.kind != STRING or token.text[:1] in (" ", "") or "\n" in token.text:
            continue
        modes = [one.text for one in found[index + 1 : index + 3] if one.kind == STRING]
        if modes[:1] in (["w"], ["a"], ["wb"], ["x"]):
            continue
        if is_secret(joined(reading.call.cwd, token.text)) and _is_read(found, index):
            sent = reading.words & SENDERS
            reading.hit("secret-sent" if sent else "secret-read", token.text)
            return


def _is_read(found: list[Token], index: int) -> bool:
    """Whether the string is given to a reader, or is the object of one."""
    before = [one.text.rpartition(".")[2] for one in found[max(0, index - 3) : index]]
    after = [one.text.rpartition(".")[2] for one in found[index + 1 : index + 3]]
    return bool(READERS & {*before, *after})
