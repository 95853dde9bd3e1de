"""Cases of hooks_shared/families/context/context_monitor.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.hooks.hook_case import Case, without_state

if TYPE_CHECKING:
    from pathlib import Path


def _line(tokens: int, model: str = "claude-sonnet-9", **more: Any) -> dict[str, Any]:
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": tokens - 30,
        "output_tokens": 20,
        "service_tier": "standard",
    }
    message = {"id": "m", "model": model, "role": "assistant", "content": [], "usage": usage}
    return {"type": "assistant", "message": message, **more}


COMPACTED = {"type": "system", "subtype": "compact_boundary", "compactMetadata": {}}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case("context-monitor", tmp_path)


def _event(case: Case, *lines: dict[str, Any] | str, **more: Any) -> dict[str, Any]:
    path = case.folder / "transcript.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n")
    return {"session_id": "s", "transcript_path": str(path), **more}


LEVELS = [
    (100_000, "", ""),
    (119_998, "", ""),
    (120_000, "60 %", "warning"),
    (149_000, "74 %", "warning"),
    (150_000, "75 %", "critical"),
    (199_000, "100 %", "critical"),
    (300_000, "", ""),
    (640_000, "64 %", "warning"),
    (900_000, "90 %", "critical"),
]


@pytest.mark.parametrize(("tokens", "percent", "level"), LEVELS)
def test_advice_starts_at_the_thresholds(case: Case, tokens: int, percent: str, level: str) -> None:
    said = case.says(_event(case, _line(tokens)))
    assert said.startswith(f"Context window: {percent} used" if percent else "")
    assert bool(said) == bool(level)
    assert ("Compaction is near" in said) == (level == "critical")
    assert [sample["level"] for sample in case.samples] == ([level] if level else [])


def test_thresholds_and_windows_are_options(case: Case) -> None:
    case.options = {"warning": 10, "critical": 20, "windows": {"claude-": 100, "claude-h": 50_000}}
    assert case.says(_event(case, _line(4_000, "claude-haiku"))) == ""
    assert "12 %" in case.says(_event(case, _line(6_000, "claude-haiku")))


WINDOWS = [
    ("claude-opus-5-5", {}, 600_000, "60 % used (600,000 of 1,000,000"),
    ("claude-opus-5-5", {}, 590_000, ""),
    ("claude-opus-4-8[1m]", {}, 700_000, "70 % used (700,000 of 1,000,000"),
    ("claude-opus-4-8", {}, 130_000, "65 % used (130,000 of 200,000"),
    ("claude-opus-5-5", {"claude-": 500_000}, 300_000, "60 % used (300,000 of 500,000"),
    ("claude-opus-5-5", {"gpt": 500_000}, 300_000, ""),
    ("claude-opus-5-5", {"claude-opus-5-5": 200_000}, 130_000, "65 % used (130,000 of 200,000"),
]


@pytest.mark.parametrize(("model", "windows", "tokens", "told"), WINDOWS)
def test_the_window_is_the_models(
    case: Case, model: str, windows: dict[str, int], tokens: int, told: str
) -> None:
    case.options = {"windows": windows}
    said = case.says(_event(case, _line(tokens, model)))
    assert told in said and bool(said) == bool(told)


def test_a_level_is_told_once_then_after_a_while(case: Case) -> None:
    event = _event(case, _line(125_000))
    assert case.says(event)
    case.time += 29 * 60
    assert case.says(event) == ""
    case.time += 2 * 60
    assert case.says(event)


def test_a_higher_level_is_told_at_once_and_the_lower_not_again(case: Case) -> None:
    assert case.says(_event(case, _line(125_000)))
    assert "Compaction" in case.says(_event(case, _line(155_000)))
    assert case.says(_event(case, _line(149_000))) == ""


def test_after_a_compaction_it_starts_over(case: Case) -> None:
    assert case.says(_event(case, _line(190_000)))
    assert case.says(_event(case, _line(190_000), COMPACTED)) == ""
    assert case.says(_event(case, _line(190_000), COMPACTED, _line(125_000)))


def test_sessions_are_told_separately(case: Case) -> None:
    assert case.says(_event(case, _line(125_000)))
    assert case.says(_event(case, _line(125_000), session_id="other"))


@pytest.mark.parametrize(
    "last",
    [
        _line(190_000, isSidechain=True),
        _line(190_000, isApiErrorMessage=True),
        _line(190_000, model="<synthetic>"),
        {"type": "assistant", "message": {"usage": None}},
        {"type": "assistant", "message": "text"},
        {"type": "user", "message": {"usage": {"input_tokens": 190_000}, "model": "m"}},
        {"type": "assistant", "message": {"usage": {"input_tokens": "many"}, "model": "m"}},
        '{"type":"assistant","message":{"usage":{"input_tok',
        '"usage"',
        "\x00 usage",
    ],
    ids=str,
)
def test_lines_that_say_nothing_about_the_window_are_passed_over(
    case: Case, last: dict[str, Any] | str
) -> None:
    assert "62 %" in case.says(_event(case, _line(125_000), last))


def test_only_the_tail_is_read(case: Case) -> None:
    event = _event(case, _line(190_000), "x" * 3_000_000, _line(125_000))
    assert "62 %" in case.says(event)
    behind = _event(case, _line(190_000), "x" * 3_000_000, session_id="other")
    assert case.says(behind) == ""


def test_a_long_line_behind_the_last_answer_is_no_obstacle(case: Case) -> None:
    assert "62 %" in case.says(_event(case, _line(125_000), '{"type":"user","x":"' + "y" * 200_000))


@pytest.mark.parametrize("event", [{}, {"transcript_path": "/nowhere"}, {"transcript_path": 5}])
def test_without_a_transcript_it_is_silent(case: Case, event: dict[str, Any]) -> None:
    assert case.decide({"session_id": "s", **event}) is None


def test_subagents_have_windows_of_their_own(case: Case) -> None:
    assert case.says(_event(case, _line(190_000), agent_id="a1")) == ""


def test_without_memory_it_is_silent(case: Case) -> None:
    without_state(case)
    assert case.says(_event(case, _line(190_000))) == ""
