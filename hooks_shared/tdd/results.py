"""What the last test runs said, from the files that runners leave behind; nothing is run.

pytest and vitest keep a cache; the JSON of jest and vitest, JUnit XML (cargo nextest and many
others) and `go test -json` are reports where somebody asked for them.
"""

import os

from hooks_shared.jsontext import loads
from hooks_shared.tdd.files import GO, JAVASCRIPT, PYTHON, RUST

LARGEST = 4 << 20
REPORTS = (
    "test-results.json", "jest-results.json", "jest-report.json", "vitest-results.json",
    "vitest-report.json", "test-report.json", "reports/jest.json", "reports/vitest.json",
    "test-results/results.json", "junit.xml", "test-results.xml", "reports/junit.xml",
    "test-results/junit.xml", "target/nextest/default/junit.xml", "target/nextest/ci/junit.xml",
    "go-test.json", "go-test.jsonl", "test-output.json", "reports/go-test.json",
)  # fmt: skip
_DEPTH = 12
_SAME_RUN = 5.0  # seconds between the reports of one run
_LANGUAGES = {
    "pytest": PYTHON,
    "vitest": JAVASCRIPT,
    "jest": JAVASCRIPT,
    "go": GO,
    "cargo": RUST,
}


class Run:
    """The outcome of one run.

    Attributes:
        runner: who left it. at: when it ended, seconds since the epoch. failed: (absolute file or
            "", name of the test) of each test that failed.
    """

    __slots__ = ("at", "failed", "runner")

    def __init__(self, runner: str, at: float, failed: list[tuple[str, str]]) -> None:
        self.runner = runner
        self.at = at
        self.failed = failed


def runs_for(root: str, relative: str, reports: list[str]) -> list[Run]:
    """Runs whose results lie in the folder of a file or above it, up to `root`."""
    found: list[Run] = []
    folder = f"{root}/{relative}".rpartition("/")[0]
    for _ in range(_DEPTH):
        cached = (_pytest(folder), _vitest(folder))
        found += [run for run in cached if run is not None] + _reported(folder, reports)
        if folder == root or "/" not in folder[1:]:
            break
        folder = folder.rpartition("/")[0]
    return found


def newest(runs: list[Run], language: str) -> list[Run]:
    """Those of the last run that can be about a language; what older ones say is over."""
    fitting = [run for run in runs if _LANGUAGES.get(run.runner, language) == language]
    last = max([run.at for run in fitting], default=0.0)
    return [run for run in fitting if run.at >= last - _SAME_RUN]


def _read(path: str) -> str:
    try:
        if os.path.getsize(path) > LARGEST:
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _json(text: str) -> object:
    try:
        return loads(text)
    except ValueError:
        return None


def _time(*paths: str) -> float:
    times = [0.0]
    for path in paths:
        try:
            times.append(os.stat(path).st_mtime)
        except OSError:
            continue
    return max(times)


def _pytest(folder: str) -> Run | None:
    """`lastfailed` is written when it changes, `nodeids` and `stepwise` after every run."""
    cache = f"{folder}/.pytest_cache/v/cache"
    at = _time(*(f"{cache}/{name}" for name in ("lastfailed", "nodeids", "stepwise")))
    if not at:
        return None
    listed = _json(_read(f"{cache}/lastfailed"))
    failed: list[tuple[str, str]] = []
    for node in listed if isinstance(listed, dict) else ():
        path, _, name = node.partition("::")
        file = os.path.normpath(f"{folder}/{path}")
        bare = name.partition("[")[0].rpartition("::")[2]
        if bare in _read(file) and os.path.isfile(file):  # it has not been removed since then
            failed.append((file, name))
    return Run("pytest", at, failed)


def _vitest(folder: str) -> Run | None:
    cache = f"{folder}/node_modules/.vite/vitest"
    try:
        names = sorted(os.listdir(cache))[:20]
    except OSError:
        return None
    paths = [f"{cache}/results.json", *(f"{cache}/{name}/results.json" for name in names)]
    newest = max(paths, key=_time)
    document = _json(_read(newest))
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list):
        return None
    failed = []
    for row in results:
        if isinstance(row, list) and len(row) == 2 and isinstance(row[0], str):
            outcome = row[1] if isinstance(row[1], dict) else {}
            file = os.path.normpath(f"{folder}/{row[0].partition(':')[2].lstrip('/')}")
            if outcome.get("failed") and os.path.isfile(file):
                failed.append((file, row[0]))
    return Run("vitest", _time(newest), failed)


def _reported(folder: str, reports: list[str]) -> list[Run]:
    found = []
    for name in dict.fromkeys((*reports, *REPORTS)):
        path = os.path.join(folder, name)
        text = _read(path)
        runner, failed = _failed_in(text.lstrip("\ufeff \r\n\t"), folder)
        if runner:
            found.append(Run(runner, _time(path), failed))
    return found


def _failed_in(text: str, folder: str) -> tuple[str, list[tuple[str, str]]]:
    """Whose report it is by its form ("" where it is none), and the tests that failed."""
    if text.startswith("<") and "<testsuite" in text:
        return "junit", _junit(text, folder)
    if text.startswith("{") and '"testResults"' in text:
        document = _json(text)
        results = document.get("testResults") if isinstance(document, dict) else None
        return ("jest", _jest(results, folder)) if isinstance(results, list) else ("", [])
    if text.startswith("{") and '"Action"' in text[:4000]:
        return "go", _go(text)
    return "", []


def _jest(results: list[object], folder: str) -> list[tuple[str, str]]:
    failed = []
    for one in results:
        if isinstance(one, dict) and one.get("status") == "failed":
            name = one.get("name")
            file = os.path.normpath(os.path.join(folder, name)) if isinstance(name, str) else ""
            failed.append((file, _first_failed(one.get("assertionResults"))))
    return failed


def _first_failed(assertions: object) -> str:
    for one in assertions if isinstance(assertions, list) else ():
        if isinstance(one, dict) and one.get("status") == "failed":
            return str(one.get("fullName") or one.get("title") or "")
    return ""


def _go(text: str) -> list[tuple[str, str]]:
    """The last word about each test counts: a flaky one may pass the second time."""
    last: dict[tuple[str, str], str] = {}
    for line in text.split("\n"):
        event = _json(line) if line.startswith("{") else None
        if isinstance(event, dict) and event.get("Action") in ("pass", "fail", "skip"):
            key = (str(event.get("Package", "")), str(event.get("Test", "")))
            last[key] = str(event["Action"])
    broken = [key for key, action in last.items() if action == "fail"]
    tests = [key for key in broken if key[1]] or broken
    return [("", f"{package} {test}".strip()) for package, test in tests]


def _junit(text: str, folder: str) -> list[tuple[str, str]]:
    failed = []
    for piece in text.split("<testcase")[1:]:
        head, closed, body = piece.partition(">")
        body = "" if head.endswith("/") or not closed else body.partition("</testcase>")[0]
        if "<failure" in body or "<error" in body:
            file = _attribute(head, "file")
            whole = os.path.normpath(os.path.join(folder, file)) if file else ""
            label = f"{_attribute(head, 'classname')}::{_attribute(head, 'name')}"
            failed.append((whole, label))
    return failed


def _attribute(head: str, name: str) -> str:
    _, found, rest = head.partition(f' {name}="')
    return rest.partition('"')[0] if found else ""
