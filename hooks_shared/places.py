"""Where a hook finds its files: the state folder, and a repository's own folder below it.

A repository's folder repeats the path of its real root, so that nothing has to be hashed and a
person finds it; it lies in the state folder because what it holds decides guards. Git is read
from its files, never asked.
"""

import os

HOOKS = "hooks"  # the part of a hub's state folder that belongs to hooks
REGISTRY = "registry.json"
OWNED = "owned.json"  # what hubctl renders at the target; beside the registry
_OWN = "@"  # ends a repeated path: no folder of a nested repository can stand beside it


def hook_folders(environ: dict[str, str]) -> list[str]:
    """The hook folder of every hub on this machine, sorted."""
    state = state_folder(environ)
    try:
        hubs = sorted(os.listdir(state))
    except OSError:
        return []
    folders = [f"{state}/{hub}/{HOOKS}" for hub in hubs]
    return [folder for folder in folders if os.path.isdir(folder)]


def state_folder(environ: dict[str, str]) -> str:
    """`$XDG_STATE_HOME/hubctl`; without HOME the passwd entry says where home is."""
    state = environ.get("XDG_STATE_HOME", "")
    if not state.startswith("/"):
        state = home_folder(environ) + "/.local/state"
    return state.rstrip("/") + "/hubctl"


def home_folder(environ: dict[str, str]) -> str:
    """The home directory, "" where nobody knows one."""
    home = environ.get("HOME", "")
    if home.startswith("/"):
        return home.rstrip("/")
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir.rstrip("/")
    except KeyError:
        return ""


def host_folder(hooks: str) -> str:
    """Folder of the host's own registry below the hook folder `hooks`."""
    return f"{hooks}/host"


def repository_folder(hooks: str, key: str) -> str:
    """Folder of the repository `key` below the hook folder `hooks`."""
    return f"{hooks}/repositories{key.rstrip('/')}/{_OWN}"


def repository_key(root: str, common_dir: str) -> str:
    """What a repository is known by: the real root of its main checkout.

    `common_dir` is the real path of the git common directory, "" outside git. All worktrees of
    one repository have one key; where no main checkout exists it is the bare repository.
    """
    if not common_dir:
        return root
    parent, _, name = common_dir.rpartition("/")
    return (parent or "/") if name == ".git" else common_dir


def find_keys(start: str) -> list[str]:
    """Keys that a session started in `start` may have, the likeliest first.

    Inside git that is one; outside, the folder and everything above it.
    """
    if not start.startswith("/"):
        return []
    root, common_dir = find_checkout(start)
    if common_dir:
        return [repository_key(root, common_dir)]
    folder, above = root, []
    while folder != "/":
        above.append(folder)
        folder = folder.rpartition("/")[0] or "/"
    return [*above, "/"]


def find_checkout(start: str) -> tuple[str, str]:
    """Real root of the checkout around `start`, and its git common directory.

    Outside git that is the folder itself and "".
    """
    top = folder = os.path.realpath(start)
    while True:
        common_dir = _common_dir(folder)
        if common_dir:
            return folder, common_dir
        if folder == "/":
            return top, ""
        folder = folder.rpartition("/")[0] or "/"


def _common_dir(folder: str) -> str:
    """Real path of the git common directory of the checkout at `folder`, "" if it is none."""
    dot_git = f"{folder.rstrip('/')}/.git"
    if os.path.isdir(dot_git):
        return os.path.realpath(dot_git)
    pointer = first_line(dot_git)
    if not pointer.startswith("gitdir: "):
        return ""
    git_dir = os.path.realpath(os.path.join(folder, pointer[8:]))
    common = first_line(f"{git_dir}/commondir")
    return os.path.realpath(os.path.join(git_dir, common)) if common else git_dir


def first_line(path: str) -> str:
    """The first line of a small file, "" where it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(8192).rstrip("\n")
    except (OSError, ValueError):  # no path holds a NUL
        return ""
