"""Takes the pictures of the dashboard in README.md, in the demo's world, with a real browser.

    python docs/screenshots.py        take docs/pictures/dashboard-*.png; needs chromium

The demo's sessions depend on the day, so there is nothing to compare: look at what was taken.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hubctl.demo.script import Leaves, play  # noqa: E402 - needs the path above
from hubctl.demo.world import DemoWorld  # noqa: E402
from hubctl.system.files import RealFiles  # noqa: E402
from hubctl.system.private_home import make_private_home, remove_private_home  # noqa: E402
from tests.support.browser import browser  # noqa: E402

FOLDER = ROOT / "docs/pictures"
WIDTH, HEIGHT = 1280, 860
READY = (
    "!document.querySelector('.waiting') && document.querySelectorAll('.plot').length ==="
    " document.querySelectorAll('.plot .uplot').length"
)
DEAREST = "document.querySelector('#sessions .wide tbody a').href"


def main() -> int:
    """Play the demo to its end, and look at what it leaves."""
    home = make_private_home(None, "hubctl-demo-")
    world = DemoWorld(home=home, door=RealFiles())
    try:
        beats = list(play(world, "measure", stays=True))
        left = next(beat for beat in beats if isinstance(beat, Leaves))
        take(left.address)
        world.hubctl("dashboard", "--stop")
    finally:
        remove_private_home(home)
    return 0


def take(address: str) -> None:
    """The overview in light, the dearest session in dark."""
    base = address.partition("/?")[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        browser(Path(folder)) as chromium,
        chromium.page(address, width=WIDTH, height=HEIGHT) as page,
    ):
        page.go(f"{base}/?days=28")
        page.until(READY)
        page.picture(FOLDER / "dashboard-overview.png", whole=False)
        page.colours(dark=True)
        page.go(page.run(DEAREST))
        page.until(READY)
        page.picture(FOLDER / "dashboard-session.png", whole=False)


if __name__ == "__main__":
    raise SystemExit(main())
