"""Reads the compiled registries that `apply` wrote: which hooks one event has here.

The repository's rows stand over the host's of the same id. Untrusted in form: whatever is not as
`apply` writes it is a ValueError, never a guess.
"""

from hooks_shared import places
from hooks_shared.jsontext import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]

FORMAT = 1
PACKAGE = "hooks_shared."
_TYPES: "dict[str, type | tuple[type, ...]]" = {
    "id": str,
    "module": str,
    "lane": str,
    "tools": list,
    "order": int,
    "deadline": (int, float),
    "on_error": str,
    "options": dict,
}


class Registered:
    """Hooks of one event.

    Attributes:
        rows: in running order; each also has `folder` (whose registry it is from) and `state`.
        lanes: every lane that any row had, also of rows that another one replaced.
        state: hook folder to record in. folder: the repository's own, "" where it has none.
    """

    __slots__ = ("folder", "lanes", "rows", "state")

    def __init__(self) -> None:
        self.rows: list[Json] = []
        self.lanes: list[str] = []
        self.state = ""
        self.folder = ""


def registered(event: str, start: str, hook_folders: list[str]) -> Registered:
    """Hooks of `event` for a session started in the folder `start`.

    Raises:
        ValueError: a registry is damaged or of another format.
        OSError: one cannot be read.
    """
    found = Registered()
    keys = places.find_keys(start)
    rows: dict[object, Json] = {}
    for hooks in hook_folders:
        found.state = found.state or hooks
        own = _first_registry([places.repository_folder(hooks, key) for key in keys])
        if own[0] and not found.folder:
            found.state, found.folder = hooks, own[0]
        for folder, text in (_first_registry([places.host_folder(hooks)]), own):
            for row in _rows(text, event):
                found.lanes.append(str(row["lane"]))
                rows[row["id"]] = row | {"folder": folder, "state": hooks}
    found.rows = sorted(rows.values(), key=_running_order)
    return found


def _running_order(row: "Json") -> tuple[int, str]:
    order = row["order"]
    return (order if isinstance(order, int) else 0, str(row["id"]))


def _first_registry(folders: list[str]) -> tuple[str, str]:
    """The first folder that holds a registry, and its text; ("", "") where none does."""
    for folder in folders:
        try:
            with open(f"{folder}/{places.REGISTRY}", encoding="utf-8") as file:
                return folder, file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
    return "", ""


def _rows(text: str, event: str) -> "list[Json]":
    if not text:
        return []
    document = loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("events"), dict):
        raise ValueError("it is no registry")
    if document.get("format") != FORMAT:
        raise ValueError(f"format {document.get('format')!r:.20}, this release reads {FORMAT}")
    rows = document["events"].get(event, [])
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise ValueError(f"its rows for {event} are damaged")
    return rows


def _is_row(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    typed = all(isinstance(row.get(key), kind) for key, kind in _TYPES.items())
    return typed and row["module"].startswith(PACKAGE) and row["deadline"] > 0


def normal_id(name: str) -> str:
    """A hook's id as it is compared: without case, `_` for `-` and a trailing `.py`."""
    return name.strip().lower().removesuffix(".py").replace("_", "-")


def fits(row: "Json", tool: str) -> bool:
    """Whether a row wants this tool; a name ending in `*` stands for all that begin so."""
    tools = row["tools"]
    if not isinstance(tools, list) or not tools:
        return True
    return any(
        tool.startswith(name[:-1]) if name.endswith("*") else tool == name
        for name in tools
        if isinstance(name, str)
    )
