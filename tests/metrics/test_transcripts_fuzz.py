"""Transcripts made up at random: totals equal a slow, plain reading."""

from __future__ import annotations

import json
import random
import shutil

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.metrics.reading import files, put, read
from tests.metrics.reference import totals
from tests.metrics.sessions import MODEL, answer_line, usage

# A world is a file system and a database: shrinking one takes minutes.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)


@st.composite
def worlds(draw):
    """Sessions with copies, snapshots, side conversations and odd ends, as bytes of files."""
    ids = [f"m{n}" for n in range(4)]
    pick = st.sampled_from
    made = {}
    for number in range(draw(st.integers(1, 4))):
        session, lines = f"s{number}", []
        agent = draw(st.booleans()) and draw(st.booleans())
        for place in range(draw(st.integers(0, 12))):
            more = {}
            if agent or draw(st.integers(0, 4)) == 0:
                more["isSidechain"] = True
            if draw(st.integers(0, 5)) == 0:
                more["forkedFrom"] = {"sessionId": "x"}
            line = answer_line(
                draw(pick([session, session, "s0"])),
                draw(pick(ids)),
                draw(pick(["r0", "r1", "r2"])),
                seconds=place,
                model=draw(pick([MODEL, MODEL, MODEL, "<synthetic>", "who-knows"])),
                usage=usage(draw(st.integers(0, 99)), into=draw(st.integers(0, 9)), read=place),
                **more,
            )
            lines.append(json.dumps(line, separators=draw(pick([(",", ":"), (", ", ": ")]))))
        end = draw(pick(["\n", "\r\n"]))
        body = "".join(line + end for line in lines).encode()
        cut = draw(st.integers(0, 60)) if draw(st.booleans()) else 0
        name = f"p/{session}/subagents/agent-a{number}.jsonl" if agent else f"p/{session}.jsonl"
        made[name] = body[: len(body) - cut] if cut else body
    return made


@settings(max_examples=60, deadline=None, phases=QUICK)
@given(world=worlds())
def test_fuzzed_worlds_read_at_once(world, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for name, data in world.items():
        put(home, name, data)
    if world:
        assert read(home) == totals(files(home))
    shutil.rmtree(home)


@settings(max_examples=15, deadline=None, phases=QUICK)
@given(world=worlds(), seed=st.integers(0, 10**6))
def test_fuzzed_worlds_that_grow(world, seed, tmp_path_factory):
    """Files appear in any order and grow by parts of lines; the sums are those of the whole."""
    home, chance = tmp_path_factory.mktemp("home"), random.Random(seed)
    reached = dict.fromkeys(world, 0)
    for _ in range(4):
        for name in chance.sample(sorted(world), len(world)):
            reached[name] = chance.randint(reached[name], len(world[name]))
            put(home, name, world[name][: reached[name]])
        read(home)
    for name, data in world.items():
        put(home, name, data)
    assert read(home)[0] == totals(files(home))[0]
    shutil.rmtree(home)
