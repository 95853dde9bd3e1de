"""Somebody else keeps saving settings.json while hubctl applies: no save of theirs is lost."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time

import pytest

from hubctl.system.files import RealFiles
from hubctl.system.wrappers import CountingFiles
from tests.support.cli import MODEL, SETTINGS

SECONDS = 4.0
# Saves the file over and over, counting up, until its stdin ends; tells every save that it does
# not find again afterwards. `atomic` renames a new file over the old one, as the client does;
# `in place` truncates and writes, as many an editor does.
WRITER = """\
import json, os, random, select, sys, time
path, way = sys.argv[1], sys.argv[2]
chance = random.Random(1)
def load():
    with open(path) as stream:
        return json.load(stream)
def save(found):
    text = json.dumps(found, indent=2)
    if way == "atomic":
        with open(path + ".theirs", "w") as stream:
            stream.write(text)
        os.rename(path + ".theirs", path)
    else:
        with open(path, "w") as stream:
            stream.write(text)
count, lost = 0, []
while not select.select([sys.stdin], [], [], chance.choice((0, 0.001, 0.01, 0.1, 0.2)))[0]:
    found = load()
    if found["count"] != count:
        lost.append((count, found["count"]))
    count = found["count"] + 1
    save(found | {"count": count})
print(json.dumps({"saves": count, "lost": lost, "last": count}))
"""


@pytest.mark.parametrize("way", ["atomic", "in place"])
def test_every_save_of_another_process_is_found_again(api, way):
    place = api.put("src/api/" + SETTINGS, '{"count": 0, "theme": "dark"}')
    codes = []
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for model in ("opus", "sonnet"):
                api.canonical(MODEL.replace("sonnet", model))
                codes.append(api.run("apply", "--yes", "--json").code)
                assert codes[-1] in (0, 3, 4)
        out, _ = writer.communicate("stop\n", timeout=30)
    told = json.loads(out)
    assert told["lost"] == []
    assert told["saves"] > 20
    assert codes.count(0) > 2
    final = json.loads(place.read_text())
    assert (final["count"], final["theme"]) == (told["last"], "dark")
    assert [p.name for p in place.parent.iterdir() if ".hubctl-" in p.name] == []


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="this system has no leases")
@pytest.mark.parametrize("moment", ["write", "rename", "remove"])
def test_what_somebody_writes_through_a_file_they_had_open_is_not_lost(api, monkeypatch, moment):
    """They open it in the gap, and write only when the run is over."""
    place = api.put("src/api/" + SETTINGS, '{"theme": "dark"}')
    opened = []

    def open_it(_step, name, path):
        if name == moment and SETTINGS.rpartition("/")[0] in path and not opened:
            opened.append(os.open(place, os.O_WRONLY))

    with monkeypatch.context() as patch:
        patch.setattr("hubctl.fleet.world.RealFiles", lambda: CountingFiles(RealFiles(), open_it))
        ran = api.run("apply", "--yes")
    os.ftruncate(opened[0], 0)
    os.write(opened[0], b'{"theme": "lite"}')
    os.close(opened[0])
    assert json.loads(place.read_text())["theme"] == "lite"
    if moment != "remove":  # by then their file is the new one
        assert ran.code == 3
        assert f"{api.shown(place)} changed while hubctl was at work" in ran.out
        assert not [path for path in place.parent.iterdir() if ".hubctl-" in path.name]
        api.apply()
        assert json.loads(place.read_text()) == {"theme": "lite", "model": "sonnet"}
