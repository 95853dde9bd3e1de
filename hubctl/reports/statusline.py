"""The client's status line: model, place, context, cost, plan limits and a drift mark. Pure.

Takes the JSON that the client gives and what `system.glance` knows, and believes neither: what has
another type is left out. Loads next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RED, _YELLOW, _DIM = "31", "33", "2"
_NEAR, _OVER = 80.0, 95.0  # percent of a plan's window
_WINDOWS = (("five_hour", "5 h"), ("seven_day", "7 d"))
_GAP = " · "
_LONGEST = 40
_MOST = 1e12
_DAY = 86_400.0
_OLDEST = 1000  # days; more is no age

Part = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the client does not say.

    Attributes:
        now: seconds since 1970. drift: what is to be told of it, "" for nothing.
        branch: of git. limit: percent of context from which on it is a warning; None for none.
        width: columns that the line may have, 0 for any. colour: whether ANSI colours may be used.
    """

    now: float
    drift: str = ""
    branch: str = ""
    limit: float | None = None
    width: int = 0
    colour: bool = True


def line(given: Mapping[str, object], known: Known) -> str:
    """The line for what the client gives; `hubctl` where that says nothing."""
    parts = [
        _context(given, known.limit),
        (known.drift, _YELLOW if known.drift else ""),
        *_limits(given, known.now),
        _cost(given),
        (_model(given), ""),
        (_place(given, known.branch), _DIM),
    ]
    # In the order of weight, so that what does not fit is what matters least.
    kept: list[int] = []
    used = 0
    for number, (text, _) in enumerate(parts):
        more = _columns(text) + (len(_GAP) if kept else 0)
        if text and (not known.width or used + more <= known.width):
            kept.append(number)
            used += more
    order = sorted(kept, key=lambda number: _SHOWN.get(number - len(parts), number))
    return _GAP.join(_painted(*parts[number], colour=known.colour) for number in order) or "hubctl"


_SHOWN = {-2: -2, -1: -1}  # model and place are shown first


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from hubctl.output.cells import width

    return width(text)


def _painted(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text


def _at(given: Mapping[str, object], *path: str) -> object:
    found: object = given
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def number(found: object) -> float | None:
    """A number that something may be told of; None for what is none, or less than nothing."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if 0 <= found < _MOST else None  # not what is no number at all


def _text(found: object) -> str:
    """A short text that cannot steer the terminal."""
    if not isinstance(found, str):
        return ""
    return "".join(char for char in found if char.isprintable())[:_LONGEST]


def _model(given: Mapping[str, object]) -> str:
    return _text(_at(given, "model", "display_name")) or _text(_at(given, "model", "id"))


def project(given: Mapping[str, object]) -> str:
    """The folder that the session was started in; "" where nobody says."""
    found = _at(given, "workspace", "project_dir") or given.get("cwd")
    return found.rstrip("/") if isinstance(found, str) and _is_path(found) else ""


def _is_path(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:  # half a surrogate
        return False


def _place(given: Mapping[str, object], branch: str) -> str:
    name, branch = _text(project(given).rpartition("/")[2]), _text(branch)
    return f"{name} ({branch})" if name and branch else name


def _context(given: Mapping[str, object], limit: float | None) -> Part:
    used = number(_at(given, "context_window", "used_percentage"))
    if used is None:
        return "", ""
    full = limit is not None and used > limit
    return f"context {used:.0f} %" + (" !" if full else ""), _RED if full else ""


def _cost(given: Mapping[str, object]) -> Part:
    cost = number(_at(given, "cost", "total_cost_usd"))
    return ("", "") if cost is None else (f"${cost:,.2f}", "")


def _limits(given: Mapping[str, object], now: float) -> list[Part]:
    """Each window of the plan, with the time until it begins anew.

    Of one that began anew since, nobody has told yet.
    """
    found = []
    for key, name in _WINDOWS:
        used = number(_at(given, "rate_limits", key, "used_percentage"))
        resets = number(_at(given, "rate_limits", key, "resets_at"))
        if used is not None and (resets is None or resets > now):
            colour = _RED if used > _OVER else _YELLOW if used > _NEAR else ""
            mark = " !" if used > _NEAR else ""
            found.append((f"{name} {used:.0f} %{mark}{_until(resets, now)}", colour))
    return found


def _until(resets: float | None, now: float) -> str:
    minutes = 0 if resets is None else int(resets - now) // 60
    if not 0 < minutes < 14 * 24 * 60:
        return ""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f" ({hours // 24} d)"
    return f" ({hours} h {rest:02})" if hours else f" ({rest} min)"


def drift_mark(mark: object, now: float, *, changed: bool) -> str:
    """What the last look found of a target; "" where nothing differed and nothing moved since.

    `mark` is what `marks` kept of it; `changed`: a file that is watched did since. A question mark
    says that the mark may be wrong by now; a look that is older than a day says how old it is.
    """
    kept = mark if isinstance(mark, dict) else {}
    count, time = kept.get("drift"), number(kept.get("time"))
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        return ""
    age = now - (time or 0.0)
    old = age > _DAY or age < -_DAY
    found = f"drift {count}" if count else "drift"
    doubt = "?" if changed or old else ""
    return f"{found}{doubt}{_age(age) if old else ''}" if count or doubt else ""


def _age(seconds: float) -> str:
    days = int(seconds // _DAY)
    return f" ({days} d)" if 0 < days < _OLDEST else ""


def limits_of(given: Mapping[str, object]) -> dict[str, object]:
    """What the client tells of the plan's windows: percent and when they begin anew, in seconds."""
    found: dict[str, object] = {}
    for key, _ in _WINDOWS:
        used = number(_at(given, "rate_limits", key, "used_percentage"))
        if used is not None:
            resets = number(_at(given, "rate_limits", key, "resets_at"))
            found[key] = {"used_percentage": used, "resets_at": resets}
    return found


def plan_words(kept: Mapping[str, object], now: float) -> str:
    """What `limits_of` found earlier, and how long ago; "" where nothing was kept."""
    windows, time = kept.get("windows"), number(kept.get("time"))
    if not isinstance(windows, dict) or time is None:
        return ""
    told = [text for text, _ in _limits({"rate_limits": windows}, now)]
    minutes = max(int(now - time) // 60, 0)
    ago = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    return f"{_GAP.join(told)}, told by the client {ago} ago" if told else ""
