from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubctl.errors import UsageError
from hubctl.model.unit_values import MICROSECONDS, parse_memory, parse_quota, parse_timespan

SPANS = [
    ("90", 90_000_000),
    ("5min", 300_000_000),
    ("1h 30min", 5_400_000_000),
    ("1h30m", 5_400_000_000),
    ("0.5s", 500_000),
    (" 2 days ", 172_800_000_000),
    ("1M", 2_629_800_000_000),
    ("250 ms 3us", 250_003),
]
NO_SPANS = ["", " ", "5x", "min", "-5s", "5min x", "1.2.3s", "5mi n", "1e3", "1,5s", "9" * 15 + "y"]


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_time_spans(text: str, expected: int) -> None:
    assert parse_timespan(text) == expected


@pytest.mark.parametrize("text", NO_SPANS)
def test_no_time_spans(text: str) -> None:
    with pytest.raises(UsageError, match="time span"):
        parse_timespan(text)


_SPAN = st.builds(
    "{}{}{}".format,
    st.integers(0, 9999),
    st.sampled_from(["", "", ".5", ".25"]),
    st.builds("{}{}".format, st.sampled_from(["", " "]), st.sampled_from([*MICROSECONDS, "", "q"])),
)


@pytest.mark.usefixtures("systemd_analyze")
@settings(max_examples=60, deadline=None)
@given(st.lists(_SPAN, min_size=1, max_size=3), st.sampled_from(["", " "]))
def test_systemd_takes_the_same_time_spans(parts: list[str], between: str) -> None:
    text = between.join(parts)
    done = subprocess.run(
        ["systemd-analyze", "timespan", "--", text], capture_output=True, text=True, check=False
    )
    found = re.search(r"s: (\d+)", done.stdout)
    try:
        mine = parse_timespan(text)
    except UsageError:
        # Less is taken than by systemd, never more: `1.5.5s` reads as two numbers there.
        assert done.returncode or text.count(".") > 1
    else:
        assert found is not None
        assert abs(mine - int(found[1])) <= len(parts)  # it drops parts of a microsecond


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30M", 30 * 2**20), ("1.5G", 3 * 2**29), ("512", 512), ("64K", 65536), ("10B", 10)],
)
def test_memory(text: str, expected: int) -> None:
    assert parse_memory(text) == expected


@pytest.mark.parametrize("text", ["", "0", "0M", "-1M", "30X", "30MB", "M", "1e6", "50%", "9" * 30])
def test_no_memory(text: str) -> None:
    with pytest.raises(UsageError, match="memory limit"):
        parse_memory(text)


@pytest.mark.parametrize(("text", "expected"), [("10%", "10"), ("150%", "150"), ("12.5%", "12.5")])
def test_quotas(text: str, expected: str) -> None:
    assert str(parse_quota(text)) == expected


@pytest.mark.parametrize("text", ["", "10", "0%", "-5%", "%", "10 %", "1.234%", "ten%"])
def test_no_quotas(text: str) -> None:
    with pytest.raises(UsageError, match="CPU quota"):
        parse_quota(text)
