"""What stands at a path: the system, somebody's home, the project, build output, a secret.

Judges by the path alone and opens nothing; places of containers are mapped to what they mount.
"""

from hooks_shared.shell.state import CONTAINER
from hooks_shared.shell.values import (
    ANY,
    MARKERS,
    OPEN,
    STAR,
    UNKNOWN,
    has_open,
    joined,
    last_name,
    normal,
    words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hooks_shared.shell.state import Call
    from hooks_shared.shell.walk import World

# Kinds of a place, from the worst loss to none.
ROOT, SYSTEM, HOME, KEPT, PROJECT, REPOSITORY = (
    "root", "system", "home", "kept", "project", "repository",
)  # fmt: skip
DEVICE, NOWHERE, OPEN_ROOT, OUTSIDE, INSIDE, UNSURE = (
    "device", "nowhere", "open-root", "outside", "inside", "unsure",
)  # fmt: skip
DISPOSABLE = "disposable"

_SYSTEM = words(
    "bin boot dev etc lib lib32 lib64 opt proc sbin srv sys usr var run snap root nix "
    "System Library Applications Volumes private cores mnt media Windows"
)
_SYSTEM_ROOTS = words("/home /Users /mnt /media /Volumes /srv /opt /run")
_OWN_GROUND = ("srv", "opt", "mnt", "media", "Volumes", "run")  # below these people keep data
_CACHES = words(
    "/var/lib/apt/lists /var/cache /var/tmp /var/folders /private/tmp "
    "/private/var/folders /dev/shm /tmp"
)
_KEPT = words(
    ".ssh .gnupg .aws .azure .kube .docker .config .claude .claude.json .local "
    ".password-store .bashrc .bash_profile .profile .zshrc .zshenv .zprofile .gitconfig "
    ".netrc .npmrc .pypirc .git-credentials .vimrc .tmux.conf .mozilla .thunderbird "
    ".vscode .cursor .oh-my-zsh .emacs.d Documents Desktop Downloads Pictures Music "
    "Movies Videos Library Dropbox OneDrive Public bin"
)
_HOME_CACHES = words(
    ".cache Library/Caches .npm .gradle/caches .m2/repository .cargo/registry .yarn/cache "
    ".pnpm-store .bun/install/cache Library/Developer/Xcode/DerivedData .nuget/packages "
    "go/pkg/mod .local/share/Trash .Trash .local/share/pnpm/store"
)
_BUILD = words(
    "node_modules dist build target out __pycache__ .venv venv .tox .nox .pytest_cache "
    ".mypy_cache .ruff_cache .cache coverage htmlcov .nyc_output .next .nuxt .output "
    ".svelte-kit .turbo .parcel-cache .vite .angular .gradle .terraform .eggs "
    "bower_components tmp temp .tmp .temp obj _build storybook-static .docusaurus "
    ".serverless .aws-sam cdk.out .dart_tool Pods DerivedData .build CMakeFiles "
    ".stack-work dist-newstyle elm-stuff _site .jekyll-cache .sass-cache .hypothesis "
    ".ipynb_checkpoints .coverage playwright-report test-results allure-results "
    ".jest-cache jest-cache .scannerwork .pnpm-store .rpt2_cache .benchmarks .eslintcache "
    ".stylelintcache .DS_Store .wrangler .vercel .netlify .expo .metro-cache .swc .nx "
    ".rollup.cache .pytype .pyre .import_linter_cache .webpack lcov-report bazel-bin "
    "bazel-out bazel-testlogs zig-cache zig-out .zig-cache .cxx .kotlin .bloop .metals "
    "dist-ssr logs log .logs .yarn-cache .npm-cache node-compile-cache pip-wheel-metadata "
    "cache caches Debug Release x64 .vs nohup.out Thumbs.db .astro .contentlayer .cypress-cache"
)
_BUILD_ENDS = (
    ".egg-info", ".pyc", ".pyo", ".pyd", ".o", ".obj", ".class", ".log", ".tmp", ".temp", ".bak",
    ".swp", ".swo", ".orig", ".rej", ".tsbuildinfo", ".pid", "~", ".gcda", ".gcno", ".gcov",
    ".prof", ".dSYM", ".map", ".lcov", ".coverage", ".out", ".a", ".so", ".dylib", ".elc", ".aux",
    ".toc", ".DS_Store", ".cache", ".hprof", ".stackdump",
)  # fmt: skip
_BUILD_STARTS = ("cmake-build-", "bazel-", "npm-debug.log", "yarn-error.log", ".coverage.", "core.")
_HARMLESS_DEVICES = words("null zero full random urandom stdin stdout stderr tty fd")
_SECRET_NAMES = words(
    ".env .netrc .pgpass .git-credentials .pypirc .npmrc .htpasswd id_rsa id_dsa id_ecdsa "
    "id_ed25519 credentials credentials.json service-account.json secrets.yml secrets.yaml "
    "secrets.json master.key .vault-token shadow gshadow .dockercfg kubeconfig "
    "terraform.tfvars application_default_credentials.json credentials.db access_tokens.db "
    ".credentials.json keystore.jks wallet.dat .my.cnf .bash_history .zsh_history "
    ".psql_history .mysql_history login.keychain-db .pgpass.conf cookies.sqlite "
    "credentials.toml credentials.yml credentials.yaml credentials.xml credentials.csv "
    "credentials.tfrc.json logins.json key4.db key3.db auth.json hosts.yml.bak .boto .s3cfg "
    ".rclone.conf rclone.conf"
)
_SECRET_ENDS = tuple(words(".pem .key .p12 .pfx .jks .keystore .kdbx .asc .ppk"))
_SECRET_STARTS = ("Cookies", ".env.", ".env" + STAR, "id_rsa", "id_ed25519", "id_" + STAR)
_SECRET_FOLDERS = (".ssh", ".gnupg", ".aws", ".password-store", ".azure")
_PUBLIC = tuple(words(".pub .example .sample .template .dist .tmpl .defaults"))
_PUBLIC_NAMES = words("known_hosts authorized_keys .env.test .env.ci")
_SECRET_PATHS = (
    "/.kube/config",
    "/.aws/config",
    "/.docker/config.json",
    "/gh/hosts.yml",
    "/.config/hub",
)


class Place:
    """A path judged.

    Attributes:
        kind: one of the kinds above. path: absolute, or beginning with what is unknown.
        everything: a glob takes all of it. glob: some glob is in it.
    """

    __slots__ = ("everything", "glob", "kind", "path")

    def __init__(self, kind: str, path: str, everything: bool = False, glob: bool = False) -> None:
        self.kind = kind
        self.path = path
        self.everything = everything
        self.glob = glob


def place_of(path: str, call: "Call", world: "World", extra: tuple[str, ...] = ()) -> Place:
    """What `path`, as an argument of `call`, leads to. `extra`: further disposable names."""
    if not path:
        return Place(NOWHERE, "")
    if len(path) > 1 and path[1] == ":" and path[0].isalpha() and path[2:3] in ("\\", "/", ""):
        path = f"/mnt/{path[0].lower()}/" + path[3:].replace("\\", "/")
    whole = joined(call.cwd, path)
    if call.place == CONTAINER:
        mapped = _outside(whole, call.mounts)
        if mapped is None:
            return Place(NOWHERE, whole)
        whole = mapped
    if whole[:1] in OPEN:
        return _open_place(whole, extra)
    return _absolute(whole, world, extra)


def _outside(path: str, mounts: tuple[tuple[str, str], ...]) -> str | None:
    """Where a container's path lies on this machine, None where it is the container's own."""
    for inside, outside in mounts:
        if path == inside or path.startswith(inside.rstrip("/") + "/"):
            return normal(outside + "/" + path[len(inside.rstrip("/")) :])
        if inside.startswith(path.rstrip("/" + STAR) + "/"):
            return outside
    return None


def _open_place(whole: str, extra: tuple[str, ...]) -> Place:
    rest = whole.lstrip(OPEN)
    names = [name for name in rest.split("/") if name.strip(STAR + ANY + "." + OPEN)]
    if any(is_disposable(name, extra) for name in names):
        return Place(DISPOSABLE, whole)
    glob = STAR in rest or ANY in rest
    if not names and rest.startswith("/"):
        return Place(OPEN_ROOT, whole, True, glob)
    if not names and glob:
        return Place(UNSURE, whole, True, True)
    return Place(UNSURE, whole, False, glob)


def _absolute(whole: str, world: "World", extra: tuple[str, ...]) -> Place:
    parts = whole.split("/")[1:] if whole != "/" else []
    glob = any(mark in whole for mark in MARKERS)
    depth = next((i for i, part in enumerate(parts) if any(m in part for m in MARKERS)), len(parts))
    base = "/" + "/".join(parts[:depth])
    names = [part for part in parts[depth:] if part.strip(STAR + ANY + ".")]
    everything = depth < len(parts) and not names
    below = parts[depth:] if not everything else []
    kind = _kind(base, world, extra)
    if kind == DISPOSABLE and not names and _holds(base, world):
        kind = PROJECT
    if kind in (ROOT, HOME, PROJECT) and names:
        kind = _specific(kind, below)
    if kind not in (SYSTEM, ROOT, HOME, KEPT) and any(is_disposable(n, extra) for n in names):
        kind = DISPOSABLE
    if kind == ROOT and any(is_disposable(n, extra) for n in names):
        kind = OUTSIDE
    return Place(kind, whole, everything, glob)


def _holds(path: str, world: "World") -> bool:
    """Whether the project or the home lies below a temporary folder, and this is above it."""
    return any(one.startswith(path + "/") for one in (world.project, world.home))


def _specific(kind: str, below: list[str]) -> str:
    """A named thing somewhere below root, home or the project."""
    if ".git" in below:
        return REPOSITORY
    named = below[0].strip(MARKERS)
    if kind == PROJECT:
        return INSIDE
    if kind == HOME and named:
        return KEPT if below[0] in _KEPT or below[0].startswith(".") else OUTSIDE
    return kind


def _kind(path: str, world: "World", extra: tuple[str, ...]) -> str:
    """The kind of an absolute path without globs."""
    project = world.project
    if path == "/":
        return ROOT
    if project not in ("/", "/tmp", ""):  # noqa: S108 - a place that is judged, not used
        if path == project:
            return PROJECT
        if path.startswith(project + "/"):
            return _inside(path[len(project) + 1 :], extra)
    if path.startswith("/dev/") and not path.startswith("/dev/shm"):  # noqa: S108 - judged, not used
        return NOWHERE if path.split("/")[2] in _HARMLESS_DEVICES else DEVICE
    at_home = bool(world.home) and (path == world.home or path.startswith(world.home + "/"))
    if not at_home and _cache(path):
        return DISPOSABLE
    return _elsewhere(path, world, extra)


def _cache(path: str) -> str:
    under = any(path == folder or path.startswith(folder + "/") for folder in _CACHES)
    return DISPOSABLE if under else ""


def _elsewhere(path: str, world: "World", extra: tuple[str, ...]) -> str:
    home = _home(path, world)
    if home:
        return _in_home(path[len(home) + 1 :], path, world, extra)
    if path in _SYSTEM_ROOTS:
        return SYSTEM
    parts = path.split("/")[1:]
    if parts[0] in _SYSTEM and not (parts[0] in _OWN_GROUND and len(parts) > 2):
        return SYSTEM
    return _ground(path, world, extra)


def _ground(path: str, world: "World", extra: tuple[str, ...]) -> str:
    """Somewhere that neither system nor home claims."""
    if world.project.startswith(path + "/"):
        return PROJECT
    parts = path.split("/")[1:]
    if ".git" in parts:
        return REPOSITORY
    if len(parts) > 1 and any(is_disposable(part, extra) for part in parts[1:]):
        return DISPOSABLE
    return OUTSIDE


def _home(path: str, world: "World") -> str:
    """The home folder that a path lies in, "" outside all of them."""
    home = world.home
    if home and (path == home or path.startswith(home + "/")):
        return home
    parts = path.split("/")
    if len(parts) > 2 and parts[1] in ("home", "Users"):
        return "/".join(parts[:3])
    return "/root" if parts[1] == "root" else ""


def _in_home(inner: str, path: str, world: "World", extra: tuple[str, ...]) -> str:
    if not inner:
        return HOME
    if any(inner == cache or inner.startswith(cache + "/") for cache in _HOME_CACHES):
        return DISPOSABLE
    first = inner.partition("/")[0]
    kind = _ground(path, world, extra)
    if first in _KEPT and kind in (OUTSIDE, DISPOSABLE) and first != "bin":
        deep = inner.count("/") >= 2 and not first.startswith(".")
        return kind if deep else KEPT
    return kind


def _inside(inner: str, extra: tuple[str, ...]) -> str:
    parts = inner.split("/")
    if ".git" in parts:
        return DISPOSABLE if parts[-1].endswith(".lock") else REPOSITORY
    if any(is_disposable(part, extra) for part in parts) or parts[:2] == ["vendor", "bundle"]:
        return DISPOSABLE
    return INSIDE


def is_disposable(name: str, extra: tuple[str, ...] = ()) -> bool:
    """Whether a file or folder of this name can be made again."""
    if name in _BUILD or name in extra:
        return True
    plain = name.strip(MARKERS)
    if name != plain and "." + plain.lstrip(".") in _BUILD:
        return True
    return plain.endswith(_BUILD_ENDS) or plain.startswith(_BUILD_STARTS) or plain in _BUILD


def looks_like_file(path: str) -> bool:
    """Whether the last name has an extension, so that it is hardly a folder."""
    stem, dot, extension = last_name(path).rpartition(".")
    return bool(dot and stem) and 0 < len(extension) <= 6 and extension.isalnum()


def is_secret(path: str) -> bool:
    """Whether a file of this name holds keys or passwords."""
    name = last_name(path)
    if not name or name.endswith(_PUBLIC) or name in _PUBLIC_NAMES:
        return False
    if name in _SECRET_NAMES or name.startswith(_SECRET_STARTS):
        return True
    if name.endswith(_SECRET_ENDS):
        return not name.startswith(("public", "cert", "ca.", "ca-", "chain", "fullchain"))
    if path.endswith(_SECRET_PATHS) or (path.startswith("/proc/") and name == "environ"):
        return True
    if "/.config/gcloud" in path or path.startswith(("/run/secrets/", "/var/run/secrets/")):
        return True
    inside = any(f"/{one}/" in path or path.endswith("/" + one) for one in _SECRET_FOLDERS)
    return inside and name != "config"


def is_unknown(path: str) -> bool:
    """Whether a path came out of another program."""
    return UNKNOWN in path and has_open(path)
