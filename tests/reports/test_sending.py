"""Sending: what each kind of channel takes, over TLS too, and no secret in any word."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hubctl.errors import OperationError, UsageError
from hubctl.metrics.store import open_store
from hubctl.reports.alerts.channels import Channel, channels, message, resolved, shown
from hubctl.reports.alerts.notices import news
from hubctl.reports.alerts.readings import readings
from hubctl.reports.alerts.sending import sender
from hubctl.reports.alerts.telling import tell
from tests.reports.trouble import LIMITS, MINUTE, NOW, errors, hooks
from tests.support.measures import put

SECRET = "S3CRET"


class Stand:
    """A server on loopback that keeps what it is sent; over TLS with a certificate."""

    def __init__(self, status=200, headers=(), certificate=None, silent=False):
        self.bodies, self.paths, self.given = [], [], []
        stand, self.released = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stand.paths.append(self.path)
                stand.given.append(self.headers)
                stand.bodies.append(json.loads(body))
                if silent:
                    stand.released.wait(10)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that refused the certificate

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/services/{SECRET}?a=1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def path(tmp_path):
    made = str(tmp_path / "metrics.db")
    put(made, *errors(20))
    return made


def hook_of(kind="slack"):
    return Channel(name="team", kind=kind, url="${TEAM_HOOK}")


def check(path, url, kind="slack", now=NOW, seconds=10.0):
    send = sender({"TEAM_HOOK": url}, "box", seconds=seconds)
    with open_store(path, write=True) as store:
        [told] = tell(store, [hook_of(kind)], readings(store, LIMITS, now), now, send)
    return told.problem


@pytest.mark.parametrize("kind", ["slack", "discord", "json"])
def test_a_webhook_gets_what_its_kind_takes(path, kind):
    with Stand() as stand:
        assert check(path, stand.url, kind) == ""
    assert stand.paths == [f"/services/{SECRET}?a=1"]
    [body] = stand.bodies
    text = {"slack": body.get("text"), "discord": body.get("content")}.get(kind) or ""
    if kind == "json":
        [alert] = body["alerts"]
        assert (alert["name"], alert["value"], alert["level"]) == ("errors_per_hour", 20, "warning")
        assert (alert["state"], len(alert["since"])) == ("firing", len("2026-03-20T12:00:00Z"))
        text = f"{body['machine']} {alert['text']}"
    assert "box" in text and "20 an hour in the last hour" in text
    assert kind != "discord" or body["allowed_mentions"] == {"parse": []}


def test_the_end_of_an_alert_names_when_it_began(path):
    with Stand() as stand:
        check(path, stand.url, "json")
        send = sender({"TEAM_HOOK": stand.url}, "box")
        for minutes in (61, 72):
            with open_store(path, write=True) as store:
                now = NOW + minutes * MINUTE
                tell(store, [hook_of("json")], readings(store, LIMITS, now), now, send)
    first, last = (body["alerts"][0] for body in stand.bodies)
    assert last["state"] == "resolved" and last["since"] == first["since"]
    assert last["text"] == "Errors: 0 an hour, at or below the limit of 10 an hour again"


def test_who_may_ask_is_told_to_the_server_alone(path):
    with Stand() as stand:
        url = stand.url.replace("://", f"://me:{SECRET}%21@")
        assert check(path, url) == ""
    [given] = stand.given
    assert given["Authorization"] == "Basic bWU6UzNDUkVUIQ=="


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_refusal_is_a_problem_without_the_address(path, status):
    with Stand(status) as stand:
        problem = check(path, stand.url)
    assert problem == f"team: the server answered {status}"


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [(429, [("Retry-After", "600")], 10), (503, [("Retry-After", "1200")], 20), (429, [], 1),
     (429, [("Retry-After", "soon")], 1), (503, [("Retry-After", "9" * 40)], 360)],
)  # fmt: skip
def test_a_server_that_is_busy_is_left_alone(path, status, headers, minutes):
    with Stand(status, headers) as stand:
        assert f"answered {status}, and to come back in" in check(path, stand.url)
        again = NOW + minutes * MINUTE
        table, rows = errors(20)
        put(path, table, [{**row, "time": again - MINUTE} for row in rows])
        problem = check(path, stand.url, now=again - MINUTE // 2)
        assert "asked to be left alone until" in problem
        assert len(stand.bodies) == 1
        check(path, stand.url, now=again)
        assert len(stand.bodies) == 2


def test_a_server_that_is_not_there_is_a_problem_without_the_address(path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    problem = check(path, f"http://127.0.0.1:{port}/{SECRET}")
    assert problem.startswith("team: ") and SECRET not in problem and str(port) not in problem


def test_a_server_that_is_silent_costs_its_time_and_no_more(path):
    with Stand(silent=True) as stand:
        problem = check(path, stand.url, seconds=0.2)
    assert problem == "team: no answer in time"


def test_names_of_servers_may_be_secrets(path):
    problem = check(path, f"https://{SECRET.lower()}.invalid/x", seconds=5.0)
    assert problem.startswith("team: ") and SECRET.lower() not in problem.lower()


# -- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority of its own, and one server's certificate and key."""
    place = tmp_path_factory.mktemp("tls")
    if not shutil.which("openssl"):
        pytest.skip("no openssl")

    def openssl(*words):
        command = ["openssl", *words]
        subprocess.run(command, check=True, capture_output=True, cwd=place, timeout=60)

    (place / "alt").write_text("subjectAltName=IP:127.0.0.1\n")
    new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(*new, "-x509", "-days", "2", "-subj", "/CN=ours", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(*new, "-subj", "/CN=server", "-keyout", "key.pem", "-out", "server.csr")
    sign = ["x509", "-req", "-days", "2", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
    openssl(*sign, "-extfile", "alt", "-in", "server.csr", "-out", "cert.pem")
    return place


def test_a_webhook_over_tls(path, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    with Stand(certificate=(authority / "cert.pem", authority / "key.pem")) as stand:
        assert check(path, stand.url) == ""
    assert "20 an hour" in stand.bodies[0]["text"]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_certificate_of_nobody_or_of_another_name_is_refused(path, authority, monkeypatch, name):
    trusted = authority / "ca.pem" if name == "localhost" else "/dev/null"
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with Stand(certificate=(authority / "cert.pem", authority / "key.pem")) as stand:
        problem = check(path, stand.url.replace("127.0.0.1", name))
    assert "CERTIFICATE_VERIFY_FAILED" in problem or "certificate verify failed" in problem
    assert SECRET not in problem and stand.bodies == []


def test_plain_http_behind_https_is_refused(path):
    with Stand() as stand:
        problem = check(path, stand.url.replace("http:", "https:"))
    assert problem.startswith("team: ") and SECRET not in problem and stand.bodies == []


# -- messages and addresses -----------------------------------------------------------------------


def test_names_from_files_cannot_steer_a_message(path):
    put(path, *hooks(900, hook="<!channel> @everyone \x1b[2J"))
    with open_store(path) as store:
        found = readings(store, LIMITS, NOW)
    notices = news(hook_of(), found, {}, NOW)
    slack = message(Channel(name="s", kind="slack"), notices, "box")["text"]
    assert "<" not in slack and "\x1b" not in slack
    long = message(Channel(name="d", kind="discord"), notices * 50, "box")["content"]
    assert len(long) < 2000
    assert long.splitlines()[-1].startswith("… and ")


@pytest.mark.parametrize(
    ("value", "why"),
    [("", "TEAM_HOOK is not set"), ("ftp://x/S3CRET", "no address"),
     ("http://[S3CRET", "no address"),
     ("http://x/S3 CRET", "no address"), ("http://x:99999999/S3CRET", "no address"),
     ("S3CRET", "no address")],
)  # fmt: skip
def test_an_address_that_is_none_is_told_without_its_secret(value, why):
    with pytest.raises(OperationError) as caught:
        resolved(hook_of(), {"TEAM_HOOK": value})
    assert why in caught.value.message and SECRET not in caught.value.message


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("${TEAM}", "slack ${TEAM}"),
        ("https://hooks.example.com/${TEAM}", "slack https://hooks.example.com/${TEAM}"),
        ("https://hooks.example.com/a/${TEAM}", "slack https://hooks.example.com/…"),
        ("https://hooks.example.com/S3CRET", "slack https://hooks.example.com/…"),
        ("https://me:S3CRET@example.com/x", "slack https://example.com/…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, text):
    assert shown(Channel(name="s", kind="slack", url=url)) == text


def hub(**webhook):
    return {"metrics": {"alerts": {"desktop": False, "webhooks": {"team": webhook}}}}


def test_channels_of_a_hub():
    assert [one.name for one in channels({})] == ["desktop"]
    [one] = channels(hub(url="http://x/", level="critical"))
    assert (one.name, one.kind, one.level) == ("team", "json", "critical")
    quiet = {
        "metrics": {"alerts": {"quiet": "22:00-07:00", "webhooks": {"t": {"url": "http://x"}}}}
    }
    assert [one.quiet for one in channels(quiet)] == ["22:00-07:00"] * 2
    for kind in ("slack", "discord"):
        with pytest.raises(UsageError):
            channels(hub(url="https://hooks.example.com/S3CRET", kind=kind))
