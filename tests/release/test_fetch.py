"""Updates from each kind of source: what they amount to, and everything that is refused."""

from __future__ import annotations

import hashlib
import http.server
import io
import os
import shutil
import subprocess
import tarfile
import threading
from typing import TYPE_CHECKING

import pytest

from hubctl.errors import HubctlError, OperationError, UsageError
from hubctl.release.changes import changes
from hubctl.release.content import our_content
from hubctl.release.fetch import fetch, newest_tag
from hubctl.release.source import read_source
from hubctl.system import download as downloads
from hubctl.system.download import download, require_safe
from tests.release.machine import DOOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubctl.release.content import Content


@pytest.fixture
def tree(tmp_path: Path, package: Path) -> Path:
    """A folder as hubctl's repository is one, of another version."""
    root = tmp_path / "elsewhere"
    shutil.copytree(package, root / "hooks_shared")
    grow(root, "# newer\n")
    (root / "VERSION").write_text("9.1.0\n")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## 9.1.0\n\n- Quicker.\n")
    return root


def grow(root: Path, text: str) -> None:
    with (root / "hooks_shared/store.py").open("a") as stream:
        stream.write(text)


def of(text: str, wish: str = "") -> Content:
    return fetch(read_source(text), wish, DOOR)


def packed(tree: Path, top: str = "hooks-9.1.0/") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                archive.add(path, top + str(path.relative_to(tree)))
    return out.getvalue()


def checked(place: str, data: bytes) -> str:
    return f"{place}#sha256={hashlib.sha256(data).hexdigest()}"


def test_hubctls_own(package: Path) -> None:
    content = of("hubctl")
    assert content == our_content(DOOR)
    assert "hooks_shared/run.py" in content.sources and content.origin == "hubctl"


@pytest.mark.parametrize("inner", ["", "/hooks_shared"])
def test_a_folder(tree: Path, inner: str) -> None:
    content = of(f"{tree}{inner}")
    assert content.version == "9.1.0" and content.changelog.endswith("- Quicker.\n")
    assert content.sources["hooks_shared/store.py"].endswith("# newer\n")
    assert not any("__pycache__" in path or path.endswith(".jsonl") for path in content.sources)


def test_the_version_may_stand_in_hubctls_module(tree: Path) -> None:
    (tree / "VERSION").unlink()
    assert of(str(tree)).version == "0.0.0"
    (tree / "hubctl").mkdir()
    (tree / "hubctl/__init__.py").write_text('__version__ = "3.2.1"\n')
    assert of(str(tree)).version == "3.2.1"


BROKEN = {
    "no run.py": lambda root: (root / "hooks_shared/run.py").unlink(),
    "no dispatcher": lambda root: (root / "hooks_shared/dispatch.py").unlink(),
    "no text": lambda root: (root / "hooks_shared/rules.py").write_bytes(b"\xff\xfe"),
    "no version": lambda root: (root / "VERSION").write_text("the newest"),
    "huge": lambda root: (root / "hooks_shared/rules.py").write_text("#" * (1 << 21)),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_folder_that_holds_no_release_is_refused(tree: Path, kind: str) -> None:
    BROKEN[kind](tree)
    with pytest.raises(HubctlError):
        of(str(tree))


def test_links_in_a_folder_are_not_followed(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("secret = 1\n")
    (tree / "hooks_shared/extra.py").symlink_to(tmp_path / "secret.py")
    assert "hooks_shared/extra.py" not in of(str(tree)).sources


@pytest.mark.parametrize(("wish", "fits"), [("^9", True), ("9.1.0", True), ("^1", False)])
def test_a_wish_is_held_against_the_version(tree: Path, wish: str, fits: bool) -> None:
    if fits:
        assert of(str(tree), wish).version == "9.1.0"
    else:
        with pytest.raises(OperationError, match="which is not"):
            of(str(tree), wish)


# -- archives --------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", ["", "hooks-9.1.0/"])
def test_an_archive_from_a_file(tree: Path, tmp_path: Path, top: str) -> None:
    data = packed(tree, top)
    (tmp_path / "x.tar.gz").write_bytes(data)
    for place in (f"{tmp_path}/x.tar.gz", f"file://{tmp_path}/x.tar.gz"):
        content = of(checked(place, data))
        assert content.version == "9.1.0" and content.sources == of(str(tree)).sources


def test_another_checksum_is_refused_before_anything_is_read(tree: Path, tmp_path: Path) -> None:
    data = packed(tree)
    (tmp_path / "x.tar.gz").write_bytes(data + b"\0")
    with pytest.raises(OperationError, match="its checksum is"):
        of(checked(f"{tmp_path}/x.tar.gz", data))


class _Server(http.server.BaseHTTPRequestHandler):
    pages: dict[str, tuple[int, dict[str, str], bytes]] = {}  # noqa: RUF012 - filled by the tests

    def do_GET(self) -> None:
        code, headers, body = self.pages.get(self.path, (404, {}, b"none"))
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Address of a server on loopback; what it serves stands in _Server.pages."""
    _Server.pages = {}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server) as found:
        found.timeout = 20
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()
        thread.join(timeout=20)


def test_an_archive_from_a_server_of_this_machine(tree: Path, server: str) -> None:
    data = packed(tree)
    _Server.pages = {
        "/x.tar.gz": (200, {}, data),
        "/moved.tar.gz": (302, {"Location": "/x.tar.gz"}, b""),
    }
    for name in ("x", "moved"):
        assert of(checked(f"{server}/{name}.tar.gz", data)).version == "9.1.0"


REFUSED = {
    "missing": (404, {}, b"no"),
    "broken": (500, {}, b"no"),
    "to another scheme": (302, {"Location": "ftp://h.example/x.tar.gz"}, b""),
    "to plain http": (302, {"Location": "http://h.example/x.tar.gz"}, b""),
    "to a file": (302, {"Location": "file:///etc/passwd"}, b""),
    "round and round": (302, {"Location": "/x.tar.gz"}, b""),
    "short": (200, {"Content-Length": "1000"}, b"x"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_a_server_may_not_do(server: str, kind: str) -> None:
    _Server.pages = {"/x.tar.gz": REFUSED[kind]}
    with pytest.raises(HubctlError):
        of(checked(f"{server}/x.tar.gz", b""))


def test_a_download_has_a_bound(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 1000)
    _Server.pages = {"/x": (200, {}, bytes(5000))}
    with pytest.raises(OperationError, match="too big"):
        download(f"{server}/x")


@pytest.mark.parametrize(
    "url",
    ["http://h.example/x.zip", "ftp://h.example/x", "data:text/plain,x", "https://u:p@h.example/x",
     "http://127.0.0.1.h.example/x"],
)  # fmt: skip
def test_an_address_that_could_be_read_on_its_way_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        require_safe(url)


# -- git -------------------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(root), *who, *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=60, env=environment)


@pytest.fixture
def repository(tree: Path) -> Path:
    """The folder as a git repository with tags v9.0.0, v9.1.0, v10.0.0-rc.1 and `latest`."""
    git(tree, "init", "-q", "--template=", "-b", "main")
    for tag in ("v9.0.0", "v9.1.0", "v10.0.0-rc.1", "latest"):
        grow(tree, f"# {tag}\n")
        git(tree, "add", ".")
        git(tree, "commit", "-q", "-m", tag)
        git(tree, "tag", "-a", tag, "-m", tag)
    return tree


def test_the_newest_tag_that_is_a_version(repository: Path) -> None:
    content = of(f"git+file://{repository}")
    assert content.version == "9.1.0"
    assert content.sources["hooks_shared/store.py"].endswith("# v9.1.0\n")
    assert content.origin == f"git+file://{repository}"


@pytest.mark.parametrize(
    ("tag", "wish", "last"),
    [
        ("@v9.0.0", "", "# v9.0.0\n"),
        ("@latest", "", "# latest\n"),
        ("", "~9.0", "# v9.0.0\n"),
        ("", ">=10.0.0-rc.1", "# v10.0.0-rc.1\n"),
    ],
)
def test_a_tag_that_is_asked_for(repository: Path, tag: str, wish: str, last: str) -> None:
    content = of(f"git+file://{repository}{tag}", wish)
    assert content.sources["hooks_shared/store.py"].endswith(last)


@pytest.mark.parametrize(
    ("tag", "wish"), [("@v8", ""), ("", "^8"), ("@v9.0.0", "^10"), ("@main~1", "")]
)
def test_a_tag_that_is_not_there(repository: Path, tag: str, wish: str) -> None:
    with pytest.raises(HubctlError):
        of(f"git+file://{repository}{tag}", wish)


def test_a_link_in_a_repository_is_refused(repository: Path) -> None:
    (repository / "hooks_shared/extra.py").symlink_to("/etc/passwd")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "x")
    git(repository, "tag", "v11.0.0")
    with pytest.raises(OperationError, match="is a link"):
        of(f"git+file://{repository}")


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(OperationError):
        of(f"git+file://{tmp_path}/nowhere")


def test_the_newest_of_many_tags() -> None:
    tags = ["v1.2.0", "hooks/v1.10.0", "v1.9", "nightly", "v2.0.0-rc.1", "x/y"]
    assert newest_tag(tags, "") == "hooks/v1.10.0"
    assert newest_tag(tags, "<1.9") == "v1.2.0"
    assert newest_tag(tags, "^3") == newest_tag(["main"], "") == ""


# -- what changes ----------------------------------------------------------------------------------


def test_what_an_update_changes_is_told_with_lines_and_the_changelog(tree: Path) -> None:
    old = of(str(tree))
    (tree / "hooks_shared/new.py").write_text("x = 1\ny = 2\n")
    (tree / "hooks_shared/rules.py").unlink()
    grow(tree, "# newest\n")
    (tree / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 9.2.0\n\n- Better.\n\n## 9.1.0\n\n- Quicker.\n"
    )
    (tree / "VERSION").write_text("9.2.0")
    found = changes(old, of(str(tree)))
    told = {
        one.path.removeprefix("hooks_shared/"): (one.what, one.more, one.less)
        for one in found.files
    }
    assert told["new.py"] == ("added", 2, 0) and told["store.py"] == ("changed", 1, 0)
    assert told["rules.py"][:2] == ("removed", 0) and len(told) == 3
    assert (found.before, found.after) == ("9.1.0", "9.2.0")
    assert found.changelog == ("## 9.2.0", "- Better.")
    assert changes(old, old).files == ()
    assert changes(None, old).before == ""
