"""Says in a few words which lines a formatter changed, and whether its answer can be trusted."""

_MOST_LINES = 2_000  # of a changed stretch that is compared line by line
_NAMED = 6
_LETTERS = bytes(b for b in range(256) if not (chr(b).isalnum() and b < 128) and b < 128)


def lost_text(old: bytes, new: bytes) -> bool:
    """Whether `new` lacks what no formatter takes away: its letters and digits.

    A formatter moves, breaks and quotes; one that was cut off, or fed the wrong stream, loses.
    """
    before, after = len(old.translate(None, _LETTERS)), len(new.translate(None, _LETTERS))
    return after < before * 0.8 - 40 or (before > 0 and after == 0)


def told(old: bytes, new: bytes) -> str:
    """Which lines of `new` differ from `old`: `lines 3, 10-12`."""
    ranges = _ranges(old.split(b"\n"), new.split(b"\n"))
    named = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:_NAMED]]
    more = f" and {len(ranges) - _NAMED} more places" if len(ranges) > _NAMED else ""
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"line{'' if single else 's'} {', '.join(named)}{more}"


def _ranges(old: list[bytes], new: list[bytes]) -> list[tuple[int, int]]:
    """First and last line of each changed stretch, as `new` counts them from 1."""
    start, shared = 0, min(len(old), len(new))
    while start < shared and old[start] == new[start]:
        start += 1
    end = 0
    while end < shared - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(map(len, middle)) > _MOST_LINES:
        return [(start + 1, max(start + 1, len(new) - end))]
    import difflib

    codes = difflib.SequenceMatcher(None, *middle, autojunk=False).get_opcodes()
    return [
        (start + j1 + 1, max(start + j2, start + j1 + 1))
        for tag, _, _, j1, j2 in codes
        if tag != "equal"
    ]
