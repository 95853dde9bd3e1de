"""What a hook is given beside the event: its options, and its small memory of the session."""

import time

from hooks_shared import store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Context:
    """One hook's view of one event.

    Attributes:
        hook: its id. options: its defaults with canonical's options on top.
        folder: this repository's (or the host's) own folder in the state folder.
        samples: measurements that the dispatcher puts into the spool line.
    """

    __slots__ = ("_session", "_state", "folder", "hook", "options", "samples")

    def __init__(
        self, hook: str, options: dict[str, object], folder: str, state: str, session: str
    ) -> None:
        self.hook = hook
        self.options = options
        self.folder = folder
        self.samples: list[dict[str, object]] = []
        self._state = state
        self._session = session

    @property
    def state(self) -> str:
        """The hub's hook folder in the state folder, shared by all its targets."""
        return self._state

    def sample(self, name: str, **fields: object) -> None:
        """Measure something: `fields` are JSON scalars."""
        self.samples.append({"name": name, **fields})

    def remember(
        self, change: "Callable[[dict[str, object]], dict[str, object] | None]"
    ) -> dict[str, object] | None:
        """Change this hook's memory of the session; None where the state folder is unusable."""
        return store.update_session(self._state, self._session, self.hook, change)

    def number(self, option: str) -> float:
        """An option that its schema declares a number."""
        value = self.options.get(option)
        return value if isinstance(value, (int, float)) else 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()
