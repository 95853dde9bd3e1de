"""Ordinary and hostile commands for the guards, and the programs that time their reading.

The programs run in the benchmark's own interpreter; nothing here measures anything itself.
"""

LEAST_COMMANDS = 5000  # a second
ORDINARY = (
    "ls -la src", "git status", "git diff --stat HEAD~1", "npm run build 2>&1 | tail -20",
    "cd web && npm test -- --watch=false", "pytest -q tests/unit -k 'not slow'", "cat README.md",
    'grep -rn "TODO" src | head -20', "git add -A && git commit -m 'Fix the parser (again)'",
    "sed -n '1,80p' src/main.py", "find . -name '*.py' -not -path './.venv/*' | wc -l",
    "python3 -m venv .venv && .venv/bin/pip install -e .", "rm -rf build dist", "mkdir -p out/a",
    "docker compose up -d db", "curl -s http://localhost:8080/health", "git log --oneline -5",
    "for f in *.md; do wc -l \"$f\"; done", "make lint", "echo \"done: $?\"", "kubectl get pods",
    "cargo build --release", "go test ./...", "tsc --noEmit", "git push origin HEAD", "ps aux",
)  # fmt: skip
GUARD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from hooks_shared.context import Context
from hooks_shared.contract import Event
from hooks_shared.families.safety import git_safety_check, smart_safety_check
events = [
    Event({"tool_name": "Bash", "cwd": "/work", "tool_input": {"command": line}})
    for line in sys.stdin.read().split("\\0")
]
modules = (smart_safety_check, git_safety_check)
guards = [(module, Context("guard", {}, "", "", "s")) for module in modules]
best = 0.0
for _ in range(7):
    start = time.process_time()
    for _ in range(20):
        for event in events:
            for guard, context in guards:
                assert guard.decide(event, context) is None, event.data
    best = max(best, 20 * len(events) / (time.process_time() - start))
print(best)
"""
WORST = """
import sys, time
sys.path.insert(0, sys.argv[1])
from hooks_shared.safety.judge import Judge, judge_line
def spent(text):
    start = time.process_time()
    judge_line(text, "/work", Judge("/home/u", "/work", {}, ()))
    return time.process_time() - start
found = []
for piece in sys.stdin.read().split("\\0"):
    times = [min(spent(piece * (size // len(piece))) for _ in range(3)) for size in (8000, 32000)]
    found.append((times[1] / max(times[0], 1e-3), times[1]))
print(max(found)[0], max(one[1] for one in found))
"""
SHAPES = (
    "(", "$(", "$((", "{a,b}", "`a` ", "'", "<<A\n", "| xargs ", "f(){ f|f; }; ", "x=$x$x; ",
    "if ", "eval ", "bash -c ", "alias a=b;a ", "python3 -c '(((", "for x in {1..9}; do ",
)  # fmt: skip
MOST_GROWTH = 9  # times as long for four times the length; quadratic would be sixteen
