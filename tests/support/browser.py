"""A real Chromium without a window, driven over the two pipes it offers; no wait is without end.

One browser, many pages: each page has its own size, colours and cookies.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE_S = 30.0
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--hide-scrollbars", "--remote-debugging-pipe", "--lang=en-GB"),
)

# The browser reads commands at 3 and answers at 4, whatever our numbers are.
_AT_THREE_AND_FOUR = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """A browser that runs; `page` opens pages in it."""

    def __init__(self, process: subprocess.Popen[bytes], into: int, out: int) -> None:
        self.process = process
        self._into, self._out = into, out
        self._rest = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """One command and its answer; events that come in between are kept."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": params}
        told |= {"sessionId": session} if session else {}
        os.write(self._into, json.dumps(told).encode() + b"\0")
        while True:
            found = self._next(PATIENCE_S)
            if found.get("id") == self._number:
                assert "error" not in found, f"{method}: {found['error']}"
                return found["result"]
            self.events.append(found)

    def _next(self, seconds: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._out], [], [], seconds)
            assert ready, "the browser says nothing"
            data = os.read(self._out, 1 << 20)
            assert data, "the browser is gone"
            self._rest += data
        one, _, self._rest = self._rest.partition(b"\0")
        return json.loads(one)

    @contextlib.contextmanager
    def page(
        self,
        address: str = "about:blank",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
    ) -> Iterator[Page]:
        """A page in a context of its own."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        made = self.ask("Target.createTarget", url="about:blank", browserContextId=context)
        attached = self.ask("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        page = Page(self, attached["sessionId"])
        page.ask("Page.enable")
        page.ask("Runtime.enable")
        page.ask("Log.enable")
        page.size(width, height)
        page.colours(dark=dark)
        if address != "about:blank":
            page.go(address)
        try:
            yield page
        finally:
            self.ask("Target.disposeBrowserContext", browserContextId=context)


class Page:
    """One page."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.ask(method, self._session, **params)

    def size(self, width: int, height: int) -> None:
        """Of the window, in pixels of CSS."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def cookie(self, address: str, name: str, value: str) -> None:
        """Have a cookie for an address."""
        self.ask("Network.setCookie", name=name, value=value, url=address)

    def colours(self, *, dark: bool) -> None:
        """Those that the system asks for."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])

    def click(self, words: str, across: float = 0.5) -> None:
        """Move to an element and click, so far across it; it is scrolled into sight."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(words)});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()"
        )
        at = {"x": box[0] + box[2] * across, "y": box[1] + box[3] / 2}
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            more = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.ask("Input.dispatchMouseEvent", type=kind, **at, **more)

    def go(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self.ask("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def run(self, words: str) -> Any:
        """What an expression of JavaScript gives; a promise is waited for."""
        found = self.ask(
            "Runtime.evaluate", expression=words, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, words: str) -> None:
        """Wait until an expression is true; a navigation in between is none of our business."""
        end = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(AssertionError):
                if self.run(f"Boolean({words})"):
                    return
            assert time.monotonic() < end, f"never: {words}"
            with contextlib.suppress(AssertionError):
                self.run("new Promise((done) => setTimeout(done, 25))")

    def press(self, key: str) -> None:
        """Press and let go a key."""
        text = {"text": key} if len(key) == 1 else {}
        text = {"text": "\r"} if key == "Enter" else text
        code = {"Tab": 9, "Enter": 13, "Escape": 27}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            more = text if kind == "keyDown" else {}
            self.ask(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more
            )

    def picture(self, path: Path, *, whole: bool = True) -> Path:
        """A screenshot as PNG, of the whole page or of what the window shows."""
        made = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(made["data"]))
        return path

    def complaints(self) -> list[str]:
        """What the browser logged as an error of this page: scripts that failed, refused styles."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            params = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"]))
            entry = params.get("entry", {})
            if event.get("method") == "Log.entryAdded" and entry.get("level") == "error":
                found.append(f"{entry.get('text')} {entry.get('url', '')}")
        return found


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser whose profile lies in a folder."""
    assert CHROMIUM is not None
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    process = subprocess.Popen(
        [
            *(sys.executable, "-I", "-S", "-c", _AT_THREE_AND_FOUR, str(theirs_in)),
            *(str(theirs_out), CHROMIUM, *_FLAGS, f"--user-data-dir={folder}/profile"),
        ],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "TZ": "UTC", "LANG": "C.UTF-8"},
        pass_fds=(theirs_in, theirs_out),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    made = Browser(process, ours_in, ours_out)
    try:
        yield made
    finally:
        with contextlib.suppress(AssertionError, OSError):
            made.ask("Browser.close")
        os.close(ours_in)
        os.close(ours_out)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait(timeout=10)
