"""One write judged against every family of protected files. Owns the rules of protected-paths.

Where a path leads is ground.py, what is rendered there owned.py, what a name says names.py.
"""

import os

from hooks_shared.contract import Event, Verdict, ask, deny
from hooks_shared.safety.match import fits_glob
from hooks_shared.shell.values import words
from hooks_shared.writes import names, owned, settings
from hooks_shared.writes.families import ALLOW, ASK, DENY, FAMILIES
from hooks_shared.writes.ground import Ground
from hooks_shared.writes.write import APPEND, REMOVE, TOUCH, WRITE, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hooks_shared.context import Context

    # (family, whether it is certain, what is wrong)
    Found = tuple[str, bool, str]

_MOST_REASONS = 3
_SHELL_SETTINGS = words(".envrc .bashrc .zshrc .profile .bash_profile .zshenv .zprofile")


def judge(writes: tuple[Write, ...], event: Event, context: "Context") -> Verdict | None:
    """Deny or ask where one of the files is protected."""
    ground = Ground(event, dict(os.environ))
    protection = _Protection(context, ground)
    reasons: dict[str, list[str]] = {DENY: [], ASK: []}
    for write in writes:
        if len(reasons[DENY]) >= _MOST_REASONS:
            break
        for family, certain, what in protection.found(write):
            severity = _severity(family, certain, context)
            if severity != ALLOW and not _is_excepted(family, write, ground, context):
                reason = f"protected-paths ({family}): {what} {FAMILIES[family].advice}"
                reasons[severity].append(reason)
    if reasons[DENY]:
        return deny(_joined(reasons[DENY]))
    return ask(_joined(reasons[ASK])) if reasons[ASK] else None


def _joined(reasons: list[str]) -> str:
    several = list(dict.fromkeys(reasons))
    more = len(several) - _MOST_REASONS
    return " ".join(several[:_MOST_REASONS]) + (f" (and {more} more)" if more > 0 else "")


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _severity(family: str, certain: bool, context: "Context") -> str:
    """How a family is answered; what is not certain is asked at most."""
    table = context.options.get("families")
    wanted = table.get(family) if isinstance(table, dict) else None
    severity = wanted if wanted in (DENY, ASK, ALLOW) else FAMILIES[family].severity
    return ASK if severity == DENY and not certain else str(severity)


def _is_excepted(family: str, write: Write, ground: Ground, context: "Context") -> bool:
    """Whether canonical.yaml excepts this file from the family, and says why."""
    relative = ground.relative(write.real)
    at_home = write.real.startswith(ground.home + "/")
    home = "~" + write.real[len(ground.home) :] if at_home else ""
    listed = context.options.get("exceptions")
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("family") != family or not one.get("reason"):
            continue
        names = [name for name in (relative, home, write.real, write.path) if name]
        if any(fits_glob(name, path) for path in _texts(one.get("paths")) for name in names):
            return True
    return False


class _Protection:
    """The writes of one event, each judged against every family.

    Attributes:
        made: new files that the call itself makes from an example.
    """

    write: Write

    def __init__(self, context: "Context", ground: Ground) -> None:
        self.context = context
        self.ground = ground
        self.ours = owned.owned(context, ground)
        self.made: set[str] = set()

    def found(self, write: Write) -> "Iterator[Found]":
        """Every family that a write hurts."""
        self.write = write
        if write.kind not in (REMOVE, TOUCH):
            yield from self._by_name()
        if not write.placed:
            return
        if write.kind != TOUCH:
            yield from self._of_hub()
            yield from self._switches()
        if write.kind == REMOVE:
            return  # what is lost is the safety guards' business
        if not self.ground.allows(write.real) and not self._is_added(write.real):
            led = write.real != write.path
            yield "outside", True, f"{self._told(led)} lies outside the session's folders."

    def _told(self, led: bool = False) -> str:
        """The file for people, with where it leads."""
        write = self.write
        led = led or (write.real != write.path and os.path.islink(write.path))
        return f"`{write.shown[:200]}`" + (f" (which leads to `{write.real[:200]}`)" if led else "")

    def _by_name(self) -> "Iterator[Found]":
        write, told = self.write, self._told()
        both = dict.fromkeys((write.path, write.real))
        if any(names.is_key(one) for one in both) and not self._is_harmless_key():
            yield "secrets", True, f"{told} holds keys or passwords."
        for command in [names.lock_command(one) for one in both if names.lock_command(one)][:1]:
            yield "locks", True, f"{told} is a lock file; `{command}` writes it."
        if any(names.is_git_folder(one) for one in both):
            yield "git-folder", True, f"{told} lies in git's own folder."
        elif any(names.is_dependency(self._inner(one)) for one in both):
            yield "dependencies", True, f"{told} belongs to an installed dependency."
        else:
            made = write.kind == WRITE and write.text is None  # by the program before the `>`
            why = "" if made else names.generated_by(self._inner(write.real), write.before())
            if why and write.exists():
                yield "generated", True, f"{told} is generated: {why}."

    def _inner(self, path: str) -> str:
        """A path without the checkout's own, whose name says nothing about its files."""
        root = self.ground.root
        return path[len(root) :] if path.startswith(root + "/") else path

    def _is_harmless_key(self) -> bool:
        """A new file made from an example; a project's `.npmrc` without a token."""
        write = self.write
        if write.path in self.made:
            return True
        if write.origin and names.is_example(write.origin) and not write.exists():
            self.made.add(write.path)  # the same line may go on with it
            return True
        texts = (write.before(), write.text)
        if write.name != ".npmrc" or not self.ground.relative(write.real):
            return False
        return all(text is not None and "_auth" not in text.lower() for text in texts)

    def _of_hub(self) -> "Iterator[Found]":
        write, ground = self.write, self.ground
        if owned.is_of_hubctl(write.real, ground.environ) or owned.is_of_hubctl(
            write.path, ground.environ
        ):
            yield "hub-owned", True, f"{self._told()} belongs to hubctl itself."
            return
        fragments = self.ours.fragments(ground.relative(write.real), write.real)
        if not fragments or (not write.exists() and write.kind != REMOVE):
            return
        blocks_only = all(one.startswith("block:") for one in fragments)
        if write.kind == APPEND and blocks_only:
            return
        for one in owned.changed(fragments, write.before(), write.text)[:1]:
            certain = one != owned.UNKNOWN
            part = f" ({one})" if one and certain else "" if certain else " may lose what"
            yield "hub-owned", certain, f"{self._told()}{part} is rendered from canonical.yaml."

    def _switches(self) -> "Iterator[Found]":
        write, told = self.write, self._told()
        before, after = write.before(), write.text
        if write.name in _SHELL_SETTINGS or write.name.startswith(".env"):
            if "HUBCTL_HOOKS" in (after or "") and "HUBCTL_HOOKS" not in (before or ""):
                yield "kill-switches", True, f"{told} would switch our hooks off."
            return
        if not (settings.is_settings(write.real) or settings.is_settings(write.path)):
            return
        if after is None:
            yield (
                "kill-switches",
                False,
                f"{told} is the client's settings, and what it would say cannot be known.",
            )
            return
        for name, what in settings.disarming(before, after).items():
            yield "kill-switches", True, f"{told}: {name} {what}."

    def _is_added(self, real: str) -> bool:
        """Whether canonical.yaml, or somebody in this session, added a folder around it."""
        memory = self.context.remember(lambda state: None) or {}
        added = _texts(memory.get("directories")) + _texts(self.context.options.get("directories"))
        return self.ground.holds(real, added)
