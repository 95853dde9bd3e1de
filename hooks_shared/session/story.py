"""What a session is about, learned line by line: task, decisions, todos, files, last words.

Deterministic and bounded: words are taken over, never summed up. The state is plain JSON, so that
it can lie in the session's memory between two events.
"""

from hooks_shared.session.lines import Call, Result, answered, asked, called, said
from hooks_shared.session.pages import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    Json = dict[str, object]

WRITERS = {"Write": "file_path", "Edit": "file_path", "NotebookEdit": "notebook_path"}
_DECISIONS, _WISHES, _TODOS, _FILES = 10, 6, 60, 200
_DECIDING = (
    "decided", "decision:", "going with ", "opted ", "chose ", "instead of ", "rather than ",
    "we'll use ", "i'll use ", "let's use ", "settled on ", "agreed ", "trade-off",
)  # fmt: skip
_WISHING = (
    "no ", "no,", "don't", "do not", "never", "always", "use ", "instead", "please use",
    "please don't", "prefer", "keep ", "stop ", "only ", "not ", "rather", "actually",
)  # fmt: skip
_NEXT = ("next", "remaining", "still to do", "still open", "todo", "open points", "left to do")


def learn(story: "Json", line: "Json") -> None:
    """Take over what one line of the transcript tells."""
    prompt = asked(line)
    if prompt:
        _learn_prompt(story, prompt)
    for call in called(line):
        _learn_call(story, call)
    for result in answered(line):
        _learn_result(story, result)
    for text in said(line):
        learn_text(story, text)


def _learn_prompt(story: "Json", prompt: str) -> None:
    if "task" not in story:
        story["task"] = shortened(prompt, 400)
        return
    story["latest"] = shortened(prompt, 300)
    if len(prompt) <= 200 and prompt.lower().startswith(_WISHING):
        _add(story, "wishes", shortened(prompt, 160), _WISHES)


def learn_text(story: "Json", text: str) -> None:
    """Take over an answer's text: the decisions in it, and it as the last words."""
    story["last"] = text[-2000:]
    steps = _next_steps(text)
    story["next"] = steps
    for sentence in _sentences(text):
        lower = sentence.lower()
        if any(word in lower for word in _DECIDING) and not sentence.endswith("?"):
            _add(story, "decisions", shortened(sentence, 180), _DECISIONS)


def _sentences(text: str) -> list[str]:
    """Sentences of the prose in a text; code and tables are none."""
    found: list[str] = []
    code = False
    for line in text[:20_000].split("\n"):
        if line.lstrip().startswith("```"):
            code = not code
        elif not code and not line.startswith(("    ", "|", "\t")):
            found += _unmarked(line).replace("! ", ". ").split(". ")
    return [one.strip() for one in found if 20 <= len(one.strip()) <= 400]


def _unmarked(line: str) -> str:
    return line.strip().lstrip("#*->•0123456789.) ").replace("**", "").strip()


def _next_steps(text: str) -> list[str]:
    """The list below a line that announces what comes next."""
    steps: list[str] = []
    inside = False
    for line in text.split("\n"):
        plain = _unmarked(line)
        if not inside:
            inside = plain.lower().startswith(_NEXT) and len(plain) < 60 and plain.endswith(":")
            inside = inside or (line.startswith("#") and plain.lower().startswith(_NEXT))
        elif plain and line.lstrip()[:1] in "-*•0123456789":
            steps.append(shortened(plain, 160))
        elif plain and steps:
            break
    return steps[:6]


def _learn_call(story: "Json", call: Call) -> None:
    path = call.text(WRITERS.get(call.tool, ""))
    if path:
        _count(story, "files", path[:500], _FILES)
    if call.tool == "TodoWrite":
        listed = call.given.get("todos")
        rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        story["todos"] = [
            [shortened(str(row.get("content", "")), 140), str(row.get("status", ""))[:20]]
            for row in rows[:_TODOS]
        ]
    elif call.tool == "TaskUpdate":
        _set_task(story, call.text("taskId"), call.text("subject"), call.text("status"))
    elif call.tool == "ExitPlanMode":
        story["plan"] = [call.id, call.text("plan")[:4000]]


def _learn_result(story: "Json", result: Result) -> None:
    task, answers = result.data.get("task"), result.data.get("answers")
    if isinstance(task, dict) and isinstance(task.get("subject"), str):
        _set_task(story, str(task.get("id", "")), task["subject"], "pending")
    if isinstance(answers, dict):
        for question, answer in list(answers.items())[:4]:
            chosen = f"{shortened(str(question), 110)} → {shortened(str(answer), 80)}"
            _add(story, "decisions", chosen, _DECISIONS)
    plan = story.get("plan")
    if isinstance(plan, list) and plan[:1] == [result.id]:
        del story["plan"]
        if not result.failed and (title := _title(str(plan[1]))):
            _add(story, "decisions", f"Plan accepted: {title}", _DECISIONS)


def _title(plan: str) -> str:
    return next((shortened(_unmarked(line), 150) for line in plan.split("\n") if line.strip()), "")


def _set_task(story: "Json", id_: str, subject: str, status: str) -> None:
    found = story.get("tasks")
    tasks = dict(found) if isinstance(found, dict) else {}
    known = tasks.get(id_)
    before = known if isinstance(known, list) and len(known) == 2 else ["", "pending"]
    if id_ and (known or subject) and (id_ in tasks or len(tasks) < _TODOS):
        tasks[id_] = [shortened(subject, 140) or before[0], status[:20] or before[1]]
    story["tasks"] = tasks


def todos(story: "Json") -> list[str]:
    """What is not done yet, what is being done first."""
    tasks, listed = story.get("tasks"), story.get("todos")
    rows = list(tasks.values()) if isinstance(tasks, dict) else []
    rows += listed if isinstance(listed, list) else []
    rows = [row for row in rows if isinstance(row, list) and len(row) == 2 and row[0]]
    doing = [f"{text} (in progress)" for text, status in rows if status == "in_progress"]
    return doing + [text for text, status in rows if status == "pending"]


def _add(story: "Json", key: str, text: str, most: int) -> None:
    found = story.get(key)
    kept = [one for one in found if one != text] if isinstance(found, list) else []
    story[key] = [*kept, text][-most:]


def _count(story: "Json", key: str, name: str, most: int) -> None:
    found = story.get(key)
    counts = dict(found) if isinstance(found, dict) else {}
    counts[name] = counts.pop(name, 0) + 1  # the last touched stand last
    story[key] = dict(list(counts.items())[-most:])
