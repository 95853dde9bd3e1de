"""Undoes encodings of text that the line itself holds: base64, hex, gzip, rot, reversal.

What it cannot undo is marked DECODED, so that running it is never taken for harmless.
"""

from hooks_shared.shell.options import Options
from hooks_shared.shell.values import DECODED, FETCHED, SECRET, UNKNOWN, has_open, without_markers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import Shell

_SIMPLE = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b",
    "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip


def unescaped(text: str) -> str:
    """Escapes as `printf` and `echo -e` know them."""
    if "\\" not in text:
        return text
    out: list[str] = []
    pos = 0
    while pos < len(text):
        if text[pos] != "\\" or pos + 1 == len(text):
            out.append(text[pos])
            pos += 1
            continue
        char, pos = _escape(text, pos + 1)
        out.append(char)
    return "".join(out)


def _escape(text: str, pos: int) -> tuple[str, int]:
    char = text[pos]
    if char == "x":
        return _number(text, pos + 1, 2, "0123456789abcdefABCDEF", 16)
    if char in "01234567":
        return _number(text, pos, 4 if char == "0" else 3, "01234567", 8)
    if char in "uU":
        return _number(text, pos + 1, 4, "0123456789abcdefABCDEF", 16)
    return _SIMPLE.get(char, "\\" + char), pos + 1


def _number(text: str, pos: int, length: int, digits: str, base: int) -> tuple[str, int]:
    stop = pos
    while stop < len(text) and stop - pos < length and text[stop] in digits:
        stop += 1
    return (chr(int(text[pos:stop], base)) if stop > pos else ""), stop


def _input(shell: "Shell", call: "Call", valued: str = "") -> str:
    options = Options(call.args, valued.split())
    operands = [one for one in options.operands if one not in ("enc", "base64")]
    operands = options.values("-in") or operands
    if operands:
        return shell.read(operands[0])
    return UNKNOWN if call.stdin is None else call.stdin


def _opaque(text: str) -> str:
    """Marks of text that was changed without being known."""
    return DECODED + "".join(mark for mark in (SECRET, FETCHED) if mark in text)


def _from_bytes(data: bytes) -> str:
    """Bytes as characters one by one, so that the next decoder can have them back."""
    return without_markers(data.decode("latin-1"))


def _base64(shell: "Shell", call: "Call") -> str:
    text = _input(shell, call, "-w --wrap -in -i -o")
    decodes = any(one in ("-d", "-D", "--decode", "-di") for one in call.args)
    if call.name == "openssl":
        decodes = "-d" in call.args or "-D" in call.args
        encodings = ("base64", "enc", "-base64", "-a", "-A")
        if not any(one in encodings for one in call.args):
            return UNKNOWN if "-noout" in call.args else _opaque(text)
    if not decodes:
        return _opaque(text) if has_open(text) else UNKNOWN
    return _decoded(text, _unbase64)


def _decoded(text: str, decode: "Callable[[str], bytes]") -> str:
    if has_open(text):
        return _opaque(text)
    try:
        return _from_bytes(decode(text))
    except ValueError:
        return DECODED


def _unbase64(text: str) -> bytes:
    from binascii import a2b_base64

    return a2b_base64("".join(text.split()).encode("ascii", "replace") + b"==")


def _unhex(text: str) -> bytes:
    return bytes.fromhex("".join(text.replace("\\x", "").split()))


def _xxd(shell: "Shell", call: "Call") -> str:
    text = _input(shell, call, "-l -s -c")
    return _decoded(text, _unhex) if any("r" in one for one in call.args) else _opaque(text)


def _unzip(shell: "Shell", call: "Call") -> str:
    text = _input(shell, call)
    decodes = call.name != "gzip" or any(one in ("-d", "-dc", "-cd") for one in call.args)
    return _decoded(text, _inflate) if decodes else _opaque(text)


def _inflate(text: str) -> bytes:
    from zlib import decompressobj, error

    try:
        return decompressobj(47).decompress(text.encode("latin-1"), 1 << 16)
    except (error, UnicodeEncodeError) as problem:
        raise ValueError from problem


def _rev(shell: "Shell", call: "Call") -> str:
    text = _input(shell, call)
    if has_open(text):
        return _opaque(text)
    return "\n".join(line[::-1] for line in text.split("\n"))


def _tr(shell: "Shell", call: "Call") -> str:
    text = UNKNOWN if call.stdin is None else call.stdin
    args = call.args
    if has_open(text):
        plain = args[:1] == ["-d"] or args[:1] in (["\n"], ["\\n"], ["-s"])
        return text if plain else _opaque(text)
    if args[:1] == ["-d"] and len(args) == 2:
        gone = _characters(args[1])
        return "".join(char for char in text if char not in gone)
    if len(args) != 2:
        return text
    old, new = _characters(args[0]), _characters(args[1])
    if not new:
        return text
    new = new.ljust(len(old), new[-1])[: len(old)]
    return without_markers(text.translate(str.maketrans(old, new))) if text.isascii() else text


def _characters(text: str) -> str:
    """The set that an argument of `tr` spells: ranges and a few classes."""
    text = unescaped(text)
    for name, letters in (("[:upper:]", "A-Z"), ("[:lower:]", "a-z"), ("[:space:]", " \n\t")):
        text = text.replace(name, letters)
    out: list[str] = []
    pos = 0
    while pos < len(text) and len(out) < 1024:
        if text[pos + 1 : pos + 2] == "-" and pos + 2 < len(text):
            low, high = ord(text[pos]), ord(text[pos + 2])
            out += [chr(code) for code in range(low, min(high, low + 255) + 1)]
            pos += 3
        else:
            out.append(text[pos])
            pos += 1
    return "".join(out)


def _opaque_output(shell: "Shell", call: "Call") -> str:
    return _opaque(_input(shell, call))


def _decrypted(shell: "Shell", call: "Call") -> str:
    """Whoever encrypted it thought it secret."""
    decrypts = {"-d", "--decrypt"} & set(call.args)
    return DECODED + SECRET + UNKNOWN if decrypts else UNKNOWN


DECODERS: "dict[str, Callable[[Shell, Call], str]]" = {
    "base64": _base64,
    "gbase64": _base64,
    "openssl": _base64,
    "base32": _opaque_output,
    "uudecode": _opaque_output,
    "xxd": _xxd,
    "gunzip": _unzip,
    "zcat": _unzip,
    "gzip": _unzip,
    "bunzip2": _opaque_output,
    "xz": _opaque_output,
    "unxz": _opaque_output,
    "zstd": _opaque_output,
    "gpg": _decrypted,
    "age": _decrypted,
    "rev": _rev,
    "tr": _tr,
}
