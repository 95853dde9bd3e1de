"""What hubctl renders at a target, as `apply` listed it, and which of it a write would change.

Files are ours whole, by block between markers, by field, by list element or by handler. Reads the
list beside the compiled registry; a damaged one is no list, and hubctl's drift still sees all.
"""

import os

from hooks_shared import places
from hooks_shared.jsontext import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context
    from hooks_shared.writes.ground import Ground

    # fragment of an address → what is known of it
    Fragments = dict[str, dict[str, object]]

FORMAT = 1
LOCK = ".claude/hub.lock.json"
UNKNOWN = "?"


class Owned:
    """The lists that count for a session: of its repository, and of the host."""

    __slots__ = ("files",)

    def __init__(self) -> None:
        self.files: dict[str, Fragments] = {}

    def fragments(self, relative: str, real: str) -> "Fragments":
        """What is ours of a file: {} for a stranger's file."""
        if relative == LOCK:
            return {"": {}}
        return self.files.get(relative) or self.files.get(real) or {}


def owned(context: "Context", ground: "Ground") -> Owned:
    """What is ours here."""
    found = Owned()
    keys = places.find_keys(ground.start)
    folders = [places.repository_folder(context.state, key) for key in keys]
    for folder in dict.fromkeys((*folders, places.host_folder(context.state), context.folder)):
        for path, fragments in _listed(f"{folder}/{places.OWNED}").items():
            if isinstance(fragments, dict):
                whole = path if path[:1] != "/" else os.path.realpath(path)
                found.files.setdefault(whole, {}).update(_known(fragments))
    return found


def _listed(path: str) -> dict[str, object]:
    try:
        with open(path, encoding="utf-8") as file:
            document = loads(file.read())
    except (OSError, ValueError):
        return {}
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return {}
    files = document.get("files")
    return files if isinstance(files, dict) else {}


def _known(fragments: dict[str, object]) -> "Fragments":
    return {name: one for name, one in fragments.items() if isinstance(one, dict)}


def is_of_hubctl(real: str, environ: dict[str, str]) -> bool:
    """Whether a path is hubctl's own: its state, its releases, the link to them."""
    state = os.path.realpath(places.state_folder(environ))
    home = places.home_folder(environ)
    data = environ.get("XDG_DATA_HOME", "")
    data = os.path.realpath((data if data.startswith("/") else f"{home}/.local/share") + "/hubctl")
    if any(real == one or real.startswith(one + "/") for one in (state, data)):
        return True
    return real.endswith("/.claude/hooks/hubctl") or "/.claude/hooks/hubctl/" in real


def changed(fragments: "Fragments", before: str | None, after: str | None) -> list[str]:
    """Fragments whose content a change of the file's text touches; [UNKNOWN] where none can say.

    `before`, `after`: None where the text is not known. Putting back what is wanted is no change.
    """
    if "" in fragments:
        return [""] if before != after or after is None else []
    if before is None or after is None:
        return [UNKNOWN]
    if before == after:
        return []
    found = [name for name in fragments if name.startswith("block:")]
    found = [name for name in found if block(before, name) not in ("", block(after, name))]
    fields = {name: one for name, one in fragments.items() if not name.startswith("block:")}
    return found + (_changed_fields(fields, before, after) if fields else [])


def block(text: str, fragment: str) -> str:
    """The lines of an owned block with its markers, "" where there is no such block."""
    name = fragment.partition(":")[2]
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if kept or _is_marker(line, "begin", name):
            kept.append(line)
        if kept and _is_marker(line, "end", name):
            return "\n".join(kept)
    return ""


def _is_marker(line: str, kind: str, name: str) -> bool:
    words = line.strip().lstrip("<!-#").split()
    return words[:2] == [f"hubctl:{kind}", name] or words[:1] == [f"hubctl:{kind}:{name}"]


def _changed_fields(fields: "Fragments", before: str, after: str) -> list[str]:
    old, new = _document(before), _document(after)
    if old is None:
        return _changed_lines(fields, before, after)
    if new is None:
        return sorted(fields)
    return [name for name, known in fields.items() if not _same(name, known, old, new)]


def _changed_lines(fields: "Fragments", before: str, after: str) -> list[str]:
    """For YAML, which nothing here can parse: the lines that name us must all stay."""
    ours = [line for line in before.split("\n") if "hubctl" in line]
    left = after.split("\n")
    return sorted(fields) if any(line not in left for line in ours) else []


def _document(text: str) -> object:
    if not text.strip("\ufeff \t\r\n"):
        return {}
    try:
        return loads(text.removeprefix("\ufeff"))
    except ValueError:
        return None


def _same(name: str, known: dict[str, object], old: object, new: object) -> bool:
    before, after = spelled(value_at(old, name, known)), spelled(value_at(new, name, known))
    return before == after or ("value" in known and after == spelled([known["value"]]))


def spelled(value: object) -> str:
    """One spelling of equal JSON values: the client reorders keys whenever it saves."""
    return dumps(_sorted(value))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def drifted(fragments: "Fragments", text: str) -> list[str]:
    """Fields of a JSON file whose value is not the wanted one; all where it is no JSON."""
    document = _document(text)
    if document is None:
        return sorted(fragments)
    return [
        name
        for name, known in fragments.items()
        if "value" in known
        and spelled(value_at(document, name, known)) != spelled([known["value"]])
    ]


def value_at(document: object, fragment: str, known: dict[str, object]) -> list[object]:
    """[value] of a field, an element or a handler of a parsed file; [] where it is not there."""
    if fragment.startswith("hook:"):
        return _handlers(document, fragment[5:], known)
    pointer, marked, element = fragment.partition("=")
    value = document
    for key in pointer.split("/")[1:]:
        name = key.replace("~2", "=").replace("~1", "/").replace("~0", "~")
        if not isinstance(value, dict) or name not in value:
            return []
        value = value[name]
    if not marked:
        return [value]
    listed = value if isinstance(value, list) else []
    try:
        return _among(loads(element), listed)
    except ValueError:
        return []


def _among(wanted: object, listed: list[object]) -> list[object]:
    text = spelled(wanted)
    return [wanted] if any(spelled(one) == text for one in listed) else []


def _handlers(document: object, name: str, known: dict[str, object]) -> list[object]:
    """The handlers of ours (`Event/hubctl`); another one by its text; all where that is hidden."""
    event, _, own = name.partition("/")
    hooks = document.get("hooks") if isinstance(document, dict) else None
    groups = hooks.get(event) if isinstance(hooks, dict) else None
    found: list[object] = []
    for group in groups if isinstance(groups, list) else ():
        entries = group.get("hooks") if isinstance(group, dict) else None
        found += [
            {"matcher": group.get("matcher", ""), "entry": entry}
            for entry in (entries if isinstance(entries, list) else ())
            if own not in _OWN or (isinstance(entry, dict) and _own_id(entry) == own)
        ]
    return _among(known["value"], found) if own not in _OWN and "value" in known else found


_OWN = ("hubctl", "hubctl-async")


def _own_id(entry: dict[str, object]) -> str:
    command = entry.get("command")
    if not isinstance(command, str) or "current/run.py" not in command:
        return ""
    return "hubctl-async" if entry.get("async") is True else "hubctl"
