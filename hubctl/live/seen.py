"""What a run of the client left behind, as one value: marks, registrations, requests, its log.

Reads texts and parsed documents only, and tolerates whatever it does not know: the next version of
the client says more.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hubctl.live.play import ALL
from hubctl.live.stand_in import CANARY, HTTP_PATH, PROMPT_MARK
from hubctl.system.hooks_package import contract, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hubctl.system.stub_model import Post

SOURCES: Final = {"host": "userSettings", "committed": "projectSettings", "local": "localSettings"}
"""Place of a settings file → how the client's telemetry calls it."""

_NOTE: Final = re.compile(r"Invalid setting skipped[^:]*: (?P<path>/.*?\.json): (?P<what>.*)")
_MARKED: Final = re.compile(re.escape(PROMPT_MARK) + r"(\d+)-")

Registration = tuple[str, str, str]  # source, event, matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One tool call of the play, and whether its result was an error."""

    command: str
    failed: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything one run showed.

    Attributes:
        fired: entry number → how often it ran. canaries: places whose file the client took.
        raised: event → the values its matchers were held against ("" where there are none).
        registered: every handler that the client says it took; empty from one that says nothing.
        notes: path of a settings file → what the client says against it.
        tools: names of the tools it offered the model.
        records: what hubctl's hooks recorded. calls: the tool calls and their results.
    """

    fired: Mapping[int, int] = field(default_factory=dict)
    canaries: frozenset[str] = frozenset()
    raised: Mapping[str, frozenset[str]] = field(default_factory=dict)
    registered: frozenset[Registration] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tools: frozenset[str] = frozenset()
    records: tuple[Mapping[str, Any], ...] = ()
    calls: tuple[Answered, ...] = ()


def look_at(
    marks: Mapping[str, bytes], posts: Sequence[Post], log: str, spool: Iterable[bytes]
) -> Seen:
    """Put the traces of a run together.

    Args:
        marks: name of a file that a recorder wrote → the event it was given.
        posts: what the stub was sent.
        log: the client's debug log.
        spool: segments of the spool that hubctl's hooks wrote to.
    """
    bodies = [post.body for post in posts if post.path == "/v1/messages"]
    fired = Counter(int(name.partition(".")[0]) for name in marks if name[:1].isdigit())
    fired.update(_posted(posts))
    fired.update(int(number) for body in bodies for number in _asked(body))
    return Seen(
        fired=fired,
        canaries=frozenset(
            name.removeprefix(CANARY).partition(".")[0] for name in marks if name.startswith(CANARY)
        ),
        raised=_raised(marks),
        registered=frozenset(_registrations(posts)),
        notes=_notes(log),
        tools=frozenset(_tools(bodies)),
        records=tuple(record for segment in spool for record in store.read_segment(segment)[0]),
        calls=tuple(_calls(bodies)),
    )


def _posted(posts: Sequence[Post]) -> Iterator[int]:
    for post in posts:
        number = post.path.removeprefix(HTTP_PATH)
        if post.path.startswith(HTTP_PATH) and number.isdigit():
            yield int(number)


def _asked(body: Mapping[str, Any]) -> list[str]:
    """The number of the hook that asks the model here; only its last message says which."""
    return _MARKED.findall(json.dumps(_messages(body)[-1:]))[:1]


def _raised(marks: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, data in marks.items():
        event = name.removeprefix(ALL).partition(".")[0]
        if name.startswith(ALL) and event in contract.EVENTS:
            found.setdefault(event, set()).add(_subject(event, data))
    return {event: frozenset(values) for event, values in found.items()}


def _subject(event: str, data: bytes) -> str:
    """What a matcher is held against."""
    try:
        return contract.decode(data).text(contract.EVENTS[event].matcher)
    except ValueError:
        return ""


def _registrations(posts: Sequence[Post]) -> Iterator[Registration]:
    for post in posts:
        for record in _log_records(post.body):
            found = _attributes(record)
            if found.get("event.name") == "hook_registered":
                yield (
                    found.get("hook_source", ""),
                    found.get("hook_event", ""),
                    found.get("hook_matcher", ""),
                )


def _log_records(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in _dicts(body.get("resourceLogs")):
        for scope in _dicts(resource.get("scopeLogs")):
            yield from _dicts(scope.get("logRecords"))


def _attributes(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        str(item.get("key")): str(next(iter(item["value"].values()), ""))
        for item in _dicts(record.get("attributes"))
        if isinstance(item.get("value"), dict)
    }


def _dicts(value: object) -> Iterator[Mapping[str, Any]]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )


def _notes(log: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in log.splitlines():
        note = _NOTE.search(line)
        if note and note["what"] not in found.setdefault(note["path"], []):
            found[note["path"]].append(note["what"].strip())
    return {path: tuple(whats) for path, whats in found.items()}


def _tools(bodies: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for body in bodies:
        yield from (str(tool.get("name")) for tool in _dicts(body.get("tools")))


def _calls(bodies: Sequence[Mapping[str, Any]]) -> Iterator[Answered]:
    """Bash calls with their results, from the longest conversation."""
    longest = max((_messages(body) for body in bodies), key=len, default=[])
    blocks = [block for message in longest for block in _dicts(message.get("content"))]
    results = {block.get("tool_use_id"): block for block in blocks}
    for block in blocks:
        command = block["input"].get("command") if isinstance(block.get("input"), dict) else None
        result = results.get(block.get("id"))
        if block.get("type") == "tool_use" and isinstance(command, str) and result:
            text = json.dumps(result.get("content"), ensure_ascii=False)
            yield Answered(command=command, failed=result.get("is_error") is True, text=text)


def _messages(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(_dicts(body.get("messages")))
