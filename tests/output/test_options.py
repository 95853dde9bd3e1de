from __future__ import annotations

import pytest

from hubctl.output.options import Options

SENTENCES = {
    "/home/ann/hub/canonical.yaml:3:4 says so": "~/hub/canonical.yaml:3:4 says so",
    "take it, or make /home/ann/hub/x.yaml agree": "take it, or make ~/hub/x.yaml agree",
    "it lies in /home/ann": "it lies in ~",
    "seen (/home/ann/x), left": "seen (~/x), left",
    "/home/ann: no space": "~: no space",
    # Somebody else, another place, and what a shell would not expand.
    "/home/anna/x and /srv/home/ann/x": "/home/anna/x and /srv/home/ann/x",
    "hubctl apply --take '/home/ann/x'": "hubctl apply --take '/home/ann/x'",
    'it says "/home/ann/x"': 'it says "/home/ann/x"',
    "file:///home/ann/x": "file:///home/ann/x",
    "": "",
}


@pytest.mark.parametrize("home", ["/home/ann", "/home/ann/"])
@pytest.mark.parametrize("text", SENTENCES)
def test_paths_in_a_sentence_are_as_people_write_them(text, home):
    assert Options(home=home).sentence(text) == SENTENCES[text]


@pytest.mark.parametrize("home", ["", "/"])
@pytest.mark.parametrize("text", SENTENCES)
def test_without_a_home_nothing_is_shortened(text, home):
    assert Options(home=home).sentence(text) == text
