"""Names by which other languages remove files, start programs and query databases."""

from hooks_shared.shell.values import words

# Name → whether it takes whole folders.
REMOVERS: dict[str, bool] = {
    "rmtree": True,
    "removedirs": False,
    "remove": False,
    "unlink": False,
    "unlinkSync": False,
    "rmSync": True,
    "rmdirSync": True,
    "rmdir": False,
    "rm": True,
    "rimraf": True,
    "removeSync": True,
    "emptyDirSync": True,
    "emptyDir": True,
    "rm_rf": True,
    "rm_r": True,
    "rm_f": False,
    "remove_tree": True,
    "remove_entry": True,
    "remove_dir": True,
    "remove_entry_secure": True,
    "deleteDir": True,
    "delete_tree": True,
    "trash": False,
}
# Name → parts of the full name of which one must be there; () any.
RUNNERS: dict[str, tuple[str, ...]] = {
    "system": (),
    "popen": ("os", "IO", "subprocess"),
    "Popen": (),
    "check_call": (),
    "check_output": (),
    "getoutput": (),
    "getstatusoutput": (),
    "run": ("subprocess", "sp.", "asyncio"),
    "call": ("subprocess", "sp."),
    "exec": ("child_process", "cp.", "exec"),
    "execSync": (),
    "execFileSync": (),
    "execFile": (),
    "spawn": (),
    "spawnSync": (),
    "execv": (),
    "execvp": (),
    "execl": (),
    "execlp": (),
    "shell_exec": (),
    "passthru": (),
    "proc_open": (),
    "execute": ("os",),
    "capture2": (),
    "capture3": (),
    "create_subprocess_shell": (),
    "script": (),  # `do shell script "…"` of osascript
}
# Name → which argument is the path.
WRITERS = dict.fromkeys(
    words(
        "open writeFileSync writeFile appendFileSync appendFile createWriteStream outputFileSync "
        "file_put_contents write_text write_bytes copyFileSync "
        "truncate truncateSync move rename renameSync moveSync"
    ),
    0,
)
MOVERS = words("move rename renameSync moveSync")
READERS = words("open readFileSync readFile read_text file_get_contents createReadStream")
SENDERS = words("post put request urlopen fetch send sendall upload axios")
SQL_CALLS = words("execute executescript executemany raw query")
