"""Tries hooks on cases: which registry each case runs with, and whether the answer is expected."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubctl.errors import UsageError
from hubctl.fleet.hooks.explaining import REGISTRY
from hubctl.fleet.hooks.listing import find
from hubctl.fleet.hooks.own import own_of
from hubctl.model.hook_case import HookCase, read_cases
from hubctl.model.item import FileText
from hubctl.system.exchange import read_given
from hubctl.system.hooks_package import compiled, contract, package_folder, registry
from hubctl.system.trial import Answer, Trial, event_text, trial_ground, try_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubctl.fleet.world import World
    from hubctl.system.files import Files

_CASES = "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One case and what came of it.

    Attributes:
        case: the case. verdict: what was answered: deny, ask, allow or none.
        problem: why that is not what was expected, "" where it is.
        milliseconds: of the whole process, start of the interpreter included.
    """

    case: HookCase
    verdict: str
    problem: str
    milliseconds: float


def cases_of(world: World | None, hook: registry.Hook, door: Files) -> tuple[HookCase, ...]:
    """The cases that come with a hook; () where there are none."""
    own = own_of(world) if world else {}
    if hook.id in own and world:
        shown = own[hook.id].shown.removesuffix(".py") + ".cases.jsonl"
        path = f"{world.files.folder}/{shown}"
    else:
        path = shown = f"{package_folder()}/{_CASES}/{hook.id}.jsonl"
    if door.look(path) is None:
        return ()
    return tuple(read_cases(read_given(path), shown.rpartition("/")[2], hook.id, hook.events[0]))


def cases_in(path: str, shown: str) -> tuple[HookCase, ...]:
    """The cases of somebody's own file."""
    return tuple(read_cases(read_given(path), shown))


def try_cases(
    world: World | None,
    cases: Sequence[HookCase],
    release: Mapping[str, bytes],
    interpreter: str,
    target: str = "",
) -> tuple[Tried, ...]:
    """Run the cases with the files of a release.

    Cases that name no hook run with everything that `target` has, as an apply would compile it.

    Raises:
        UsageError: such a case, and no target.
    """
    trials = [_trial(world, case, target) for case in cases]
    with trial_ground(release) as ground:
        answers = try_all(ground, interpreter, trials)
    return tuple(_tried(case, answer) for case, answer in zip(cases, answers, strict=True))


def _trial(world: World | None, case: HookCase, target: str) -> Trial:
    text, lane = _registry(world, case, target)
    return Trial(
        event=case.event,
        lane=lane,
        stdin=event_text(case.data) if case.stdin is None else case.stdin,
        registry=None if case.state_gone else text,
        files=case.files,
        env=case.env,
    )


def _registry(world: World | None, case: HookCase, target: str) -> tuple[str, str]:
    """Text of the compiled registry and the lane that the case runs in."""
    if case.hook:
        row = _row(find(world, case.hook), case)
        return json.dumps(_document({case.event: [row]})), str(row["lane"])
    if world is None or not target:
        raise UsageError(
            f"{case.where} names no hook, so it needs a target whose hooks it runs with",
            hint='add "hook": "ID" to the case, or --target NAME',
        )
    item = world.compiler.items(target).get(REGISTRY)
    found = item.value if item is not None else None
    return (found.text if isinstance(found, FileText) else json.dumps(_document({}))), ""


def _document(events: Mapping[str, Any]) -> dict[str, Any]:
    return {"format": compiled.FORMAT, "hub": "trial", "target": "trial", "events": events}


def _row(hook: registry.Hook, case: HookCase) -> dict[str, Any]:
    closed = hook.on_error == registry.CLOSED and case.event in contract.CLOSABLE
    return {
        "id": hook.id,
        "module": hook.module,
        "lane": "closed" if closed else "open",
        "tools": list(hook.tools) if case.event in contract.TOOL_EVENTS else [],
        "order": hook.order,
        "deadline": hook.deadline,
        "on_error": hook.on_error,
        "options": {**hook.options, **case.options},
    }


def _tried(case: HookCase, answer: Answer) -> Tried:
    verdict, said = verdict_of(answer)
    return Tried(
        case=case,
        verdict=verdict,
        problem=_problem(case, verdict, said, answer),
        milliseconds=round(answer.seconds * 1000, 1),
    )


def _problem(case: HookCase, verdict: str, said: str, answer: Answer) -> str:
    if verdict != case.verdict:
        return f"answered {verdict} instead of {case.verdict}" + (f": {said[:160]}" if said else "")
    if case.says and case.says not in said:
        return f"did not say {case.says!r} but {said[:160]!r}"
    if case.silent and (answer.stdout or answer.stderr):
        return f"was not silent: {said[:160]!r}"
    return ""


def verdict_of(answer: Answer) -> tuple[str, str]:
    """What the client would make of an answer (deny, ask, allow or none), and all its words."""
    try:
        found = json.loads(answer.stdout) if answer.stdout.strip() else {}
    except ValueError:
        return "none", answer.stdout
    specific = found.get("hookSpecificOutput", {})
    said = "\n".join(_words((found, answer.stderr)))
    decision = specific.get("permissionDecision") or found.get("decision")
    if isinstance(specific.get("decision"), dict):
        decision = specific["decision"].get("behavior")
    if decision == "block" or answer.code == 2:
        decision = "deny"
    return str(decision or "none"), said


def _words(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)
