"""What is ours and no longer as wanted: noted with the session, and answered by policy.

Owns the rules of config-guard; a note is witness.py, what is ours owned.py.
"""

import os

from hooks_shared import places
from hooks_shared.contract import DENY, Event, Verdict, advise, ask, deny
from hooks_shared.safety.match import fits_glob
from hooks_shared.writes import owned, settings, witness
from hooks_shared.writes.ground import Ground
from hooks_shared.writes.write import Write, is_possible, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.context import Context
    from hooks_shared.writes.owned import Fragments

NOTE, WARN, REFUSE = "note", "warn", "refuse"
_JUST_NOW = 3.0  # seconds beside the call's own that a file counts as written by it
_SETTLE = "It is rendered from canonical.yaml: change it there and run `hubctl apply`"
_SHOWN = 5


def changed(event: Event, context: "Context") -> Verdict | None:
    """A settings or skill file that changed on disk, whoever did it."""
    path = event.text("file_path")
    if not path.startswith("/") or not is_possible(path):
        return None
    case = Case(event, context)
    fields, guarded = case.standing(os.path.realpath(path))
    if fields is None or case.is_hubctl_writing():
        return None
    policy = context.options.get("policy")
    refused = bool(guarded) and policy == REFUSE and event.text("source") != "policy_settings"
    case.note(os.path.realpath(path), fields, DENY if refused else "")
    if not guarded or policy == NOTE:
        return None
    told = f"config-guard: `{path}` now differs in {_listed(guarded)}."
    if refused:
        return deny(f"{told} This session goes on without the change. {_SETTLE}.")
    return Verdict(
        message=f"{told} `hubctl drift --blame` shows who, `hubctl drift --fix` repairs."
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(name or "the whole file" for name in names[:_SHOWN]) + more


class Case:
    """One event, and what is ours where its session works."""

    def __init__(self, event: Event, context: "Context") -> None:
        self.event = event
        self.context = context
        self.ground = Ground(event, dict(os.environ))
        self.owned = owned.owned(context, self.ground)

    def fragments(self, real: str) -> "Fragments":
        """What is ours of a file."""
        return self.owned.fragments(self.ground.relative(real), real)

    def standing(self, real: str) -> tuple[list[str] | None, list[str]]:
        """Fields of a file that are not as wanted, and those of them that are guarded.

        None for a file that is neither ours nor the client's settings with a switch in it.
        """
        fragments, text = self.fragments(real), read(real) or ""
        fields = owned.drifted(fragments, text) if fragments and real.endswith(".json") else []
        if fragments and not os.path.lexists(real):
            fields = sorted(fragments)
        switched: list[str] = []
        if settings.is_settings(real) and os.path.lexists(real):
            found = settings.parsed(text)
            names = [settings.BROKEN] if found is None else [*settings.switches(found)]
            # Answers to the client's own questions about permissions are a person's.
            names = [name for name in names if not name.startswith("permissions.")]
            switched = [name for name in names if not _is_wanted(name, fragments)]
        if not fragments and not switched:
            return None, []
        return fields, [one for one in fields if self._is_guarded(one)] + switched

    def _is_guarded(self, field: str) -> bool:
        listed = self.context.options.get("guarded")
        patterns = listed if isinstance(listed, list) else []
        return any(isinstance(one, str) and fits_glob(field, one) for one in patterns)

    def judge(self, writes: list[Write]) -> Verdict | None:
        """What a call is about to change."""
        policy = self.context.options.get("policy")
        if policy == NOTE:
            return None
        found: list[str] = []
        certain = True
        for write in writes:
            names, sure = self._about_to_change(write)
            found += [f"`{write.shown[:200]}` ({_listed(names)})"] if names else []
            certain = certain and (sure or not names)
        if not found:
            return None
        told = f"config-guard: this changes {', '.join(found[:_SHOWN])}. {_SETTLE}."
        if policy == REFUSE:
            return deny(told) if certain else ask(told)
        return advise(told, told)

    def _about_to_change(self, write: Write) -> tuple[list[str], bool]:
        """Guarded fields that a write changes, and whether that is certain."""
        fragments, before = self.fragments(write.real), write.before()
        fields = owned.changed(fragments, before, write.text) if fragments and before else []
        if owned.UNKNOWN in fields:
            return ["what cannot be known before"], False
        disarming = settings.is_settings(write.real)
        switched = [*settings.disarming(before, write.text)] if disarming else []
        return [name for name in fields if self._is_guarded(name)] + switched, True

    def note_written(self, write: Write, removed: bool) -> None:
        """Note what a call that is over has changed of ours."""
        fragments = self.fragments(write.real)
        if not fragments or (removed and os.path.lexists(write.real)):
            return
        if not removed and not self._is_fresh(write.real):
            return
        response = self.event.data.get("tool_response")
        before = response.get("originalFile") if isinstance(response, dict) else None
        if isinstance(before, str) and not removed:
            fields = owned.changed(fragments, before, read(write.real))
        elif write.real.endswith(".json") and not removed:
            fields = self.standing(write.real)[0] or []
        else:
            fields = sorted(fragments)
        if fields:
            self.note(write.real, fields, "")

    def _is_fresh(self, real: str) -> bool:
        """Whether a file was written while the call ran."""
        try:
            written = os.stat(real).st_mtime
        except OSError:
            return False
        taken = self.event.data.get("duration_ms")
        seconds = taken / 1000 if isinstance(taken, (int, float)) else 0.0
        return self.context.now() - written <= seconds + _JUST_NOW

    def note(self, real: str, fields: list[str], decision: str) -> None:
        """Keep who it was; without a state folder nobody is told later."""
        event, context = self.event, self.context
        tool = event.tool_name or event.text("source")
        line = witness.record(
            context.now(), event.session_id, event.name, tool, real, fields, decision
        )
        if not witness.note(context.state, line):
            context.sample("config.not-noted")

    def is_hubctl_writing(self) -> bool:
        """Whether a `hubctl apply` holds its lock right now."""
        import fcntl

        try:
            lock = os.open(f"{places.state_folder(self.ground.environ)}/apply.lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(lock)
        return False


def _is_wanted(switch: str, fragments: "Fragments") -> bool:
    """Whether canonical.yaml itself sets the switch."""
    pointer = "/" + switch.partition(" ")[0].replace(".", "/")
    return any(one == pointer or one.startswith(pointer + "=") for one in fragments)
