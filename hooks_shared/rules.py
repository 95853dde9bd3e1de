"""The rules of both guards as data: family, severity, what would happen, the safer alternative.

The reason that a person reads, the reference page and the tests come from these rows. Every
`safer` is a command that passes both guards; loaded only once something was found.
"""

DENY, ASK, OFF = "deny", "ask", "off"


class Rule:
    """One row.

    Attributes:
        id: what options and exceptions name. family: what options switch as a whole.
        severity: DENY what is clearly destructive, ASK what is risky but often meant.
        what: what would happen, a clause. safer: a command to run instead, "" where none fits.
        advice: what to do, a clause in the imperative.
    """

    __slots__ = ("advice", "family", "id", "safer", "severity", "what")

    def __init__(  # noqa: PLR0913, PLR0917 - a row of a literal table
        self, id: str, family: str, severity: str, what: str, advice: str, safer: str
    ) -> None:
        self.id = id
        self.family = family
        self.severity = severity
        self.what = what
        self.advice = advice
        self.safer = safer


# Family → what it covers.
SMART_FAMILIES = {
    "files": "Files and folders removed, overwritten or emptied.",
    "disks": "Disks, partitions and volumes formatted or written to.",
    "permissions": "Permissions and owners changed at large.",
    "machine": "The machine itself: shutdown, processes, services, firewall, users, packages.",
    "containers": "Containers, images and their volumes removed.",
    "clusters": "Objects of a cluster deleted or drained.",
    "infrastructure": "Infrastructure destroyed or changed without a look at the plan.",
    "cloud": "Storage, databases and other resources of a cloud deleted.",
    "repositories": "Hosted repositories, releases and their settings deleted.",
    "databases": "Tables, databases and rows thrown away.",
    "publishing": "Packages, images and releases published or withdrawn.",
    "credentials": "Keys and passwords read or sent out.",
    "code": "Code run that nobody has read: fetched, decoded, or not to be understood.",
    "hooks": "Our own hooks and the client's settings switched off or changed.",
}
GIT_FAMILIES = {
    "git-work": "Work that is not committed, thrown away.",
    "git-history": "Commits, branches and reflogs removed or rewritten.",
    "git-remote": "Branches of a remote overwritten or deleted.",
}

_LOOK = "list what it would remove first"
_ROWS = (
    # files
    ("rm-root", "files", DENY, "removes the whole file system", "name one folder of the project", "ls -la"),
    ("rm-system", "files", DENY, "removes files of the system", "leave it to the package manager", "ls -la"),
    ("rm-home", "files", DENY, "removes a home folder or what a person keeps in it", "look first, and let the person remove it", "ls -la ~"),
    ("rm-project", "files", DENY, "removes the whole project or everything in this folder", "remove what can be built again", "rm -rf build dist"),
    ("rm-git-folder", "files", DENY, "removes git's own folder and with it all history", "ask git what is wrong", "git fsck"),
    ("rm-unset", "files", DENY, "removes everything below a folder that may be empty, which is then /", "write the folder out", "rm -rf ./build"),
    ("rm-outside", "files", DENY, "removes a folder outside the project", "look first, and let the person remove it", "ls -la .."),
    ("rm-outside-file", "files", ASK, "removes files outside the project", "keep a copy", "mv ../notes.txt /tmp/"),
    ("rm-folder", "files", ASK, "removes a folder that may hold work", "keep it aside", "mv src/old /tmp/"),
    ("rm-many", "files", ASK, "removes every file that matches", _LOOK, "ls *.ts"),
    ("rm-unknown", "files", ASK, "removes what the line does not say", "print the list first", "git ls-files --others --exclude-standard"),
    ("rm-secret", "files", ASK, "removes a file of keys or settings that git does not keep", "keep a copy", "mv .env /tmp/"),
    ("shred", "files", DENY, "overwrites a file beyond recovery", "move it away", "mv notes.txt /tmp/"),
    ("inline-removal", "files", ASK, "removes a folder that the program computes", "print the path first", "ls -la"),
    ("write-system", "files", DENY, "overwrites a file of the system", "write a copy in the project and let the person install it", "cp /etc/hosts ./hosts.new"),
    ("write-system-more", "files", ASK, "changes a file of the system", "show the person what to add", "cat /etc/hosts"),
    ("write-startup", "files", DENY, "overwrites a start-up file of the shell or of git", "append to it", "echo 'export A=1' >> ~/.bashrc"),
    ("write-access", "files", ASK, "changes who may log in", "show the person the key", "cat ~/.ssh/id_ed25519.pub"),
    ("write-git-folder", "files", ASK, "writes into git's own folder", "use git's own command", "git config --list"),
    ("write-secret", "files", ASK, "overwrites a file of keys", "write an example instead", "cp .env.example .env.new"),
    ("emptied", "files", ASK, "empties a file", "keep a copy", "cp notes.txt /tmp/"),
    ("move-important", "files", DENY, "moves a folder that the system or a person needs where it is", "copy it", "cp -r src /tmp/"),
    ("move-project", "files", ASK, "moves the project or git's own folder away", "copy it", "cp -r src /tmp/"),
    ("move-to-nothing", "files", DENY, "throws a file away by moving it onto a device", "move it to a temporary folder", "mv notes.txt /tmp/"),
    ("rsync-delete", "files", ASK, "deletes at the destination what the source does not have", "rehearse", "rsync -a --delete --dry-run src/ copy/"),
    ("rsync-delete-all", "files", DENY, "deletes in a home, a system folder or the project what the source does not have", "rehearse", "rsync -a --delete --dry-run src/ copy/"),
    ("tar-removes", "files", ASK, "removes the files it packs", "pack first, remove later", "tar czf work.tgz src"),
    # disks
    ("disk-write", "disks", DENY, "writes over a disk", "look at the disks", "lsblk"),
    ("disk-format", "disks", DENY, "erases a disk or its keys", "look at the disks", "lsblk"),
    ("disk-partition", "disks", DENY, "changes the partitions of a disk", "list them", "fdisk -l"),
    ("disk-volumes", "disks", DENY, "removes volumes or snapshots", "list them", "lsblk"),
    # permissions
    ("chmod-system", "permissions", DENY, "changes permissions of the system or of a home as a whole", "name one file", "chmod u+x run.sh"),
    ("chmod-open", "permissions", ASK, "lets everybody write or read", "give the owner what is needed", "chmod u+rwx run.sh"),
    ("chmod-lock", "permissions", ASK, "takes permissions away from a whole tree", "name one file", "chmod 644 notes.txt"),
    ("chmod-setuid", "permissions", ASK, "lets a program run with its owner's rights", "start it with the rights it needs", "chmod 755 run.sh"),
    ("chown-system", "permissions", DENY, "changes the owner of the system's or a home's files", "name one folder of the project", "ls -la"),
    ("chown-outside", "permissions", ASK, "changes the owner of a tree outside the project", "name one folder of the project", "ls -la"),
    # machine
    ("shutdown", "machine", DENY, "stops or restarts the machine", "ask the person", "uptime"),
    ("service-stop", "machine", ASK, "stops a service", "look at it first", "systemctl status"),
    ("kill-everything", "machine", DENY, "ends processes that others depend on", "end one process by its number", "kill 12345"),
    ("firewall-off", "machine", DENY, "opens the firewall or lowers the system's protection", "look at the rules", "ufw status"),
    ("user-removed", "machine", DENY, "removes a user or group", "look first", "id"),
    ("crontab-removed", "machine", DENY, "removes all scheduled jobs", "list them", "crontab -l"),
    ("kernel-switch", "machine", DENY, "changes the running kernel", "read the value", "sysctl -a"),
    ("package-pillar", "machine", DENY, "removes a package that the system stands on", "rehearse", "apt-get remove --dry-run bash"),
    ("package-remove", "machine", ASK, "removes a package with its data", "list packages", "brew list"),
    ("fork-bomb", "machine", DENY, "starts itself without end until the machine stands still", "start one process", "sleep 1"),
    # containers
    ("container-prune", "containers", DENY, "removes all unused images, containers or volumes", "look at what they take", "docker system df"),
    ("container-clean", "containers", ASK, "removes images or stopped containers", "look at what they take", "docker system df"),
    ("container-volumes", "containers", DENY, "removes volumes and the data in them", "keep the volumes", "docker compose down"),
    ("container-remove", "containers", ASK, "removes containers or machines, running ones too", "stop it", "docker stop web"),
    ("container-privileged", "containers", ASK, "gives a container the whole machine", "run it without", "docker run --rm alpine true"),
    # clusters
    ("cluster-delete", "clusters", ASK, "deletes objects of a cluster", "rehearse", "kubectl delete pod web --dry-run=client"),
    ("cluster-delete-all", "clusters", DENY, "deletes a namespace, a node, storage or everything of a kind", "look first", "kubectl get all"),
    ("cluster-uninstall", "clusters", DENY, "removes a release from the cluster", "rehearse", "helm uninstall web --dry-run"),
    ("cluster-drain", "clusters", ASK, "stops what runs in the cluster", "look first", "kubectl get pods"),
    # infrastructure
    ("infra-destroy", "infrastructure", DENY, "destroys infrastructure", "look at the plan", "terraform plan -destroy"),
    ("infra-apply", "infrastructure", DENY, "changes infrastructure without anybody seeing the plan", "look at the plan", "terraform plan"),
    ("infra-apply-asked", "infrastructure", ASK, "changes infrastructure", "look at the plan", "terraform plan"),
    ("infra-state", "infrastructure", DENY, "changes what the tool knows about the infrastructure", "list it", "terraform state list"),
    # cloud
    ("cloud-storage", "cloud", DENY, "deletes stored data as a whole", "rehearse", "aws s3 rm s3://bucket/a --recursive --dryrun"),
    ("cloud-object", "cloud", ASK, "deletes a stored object", "list it", "aws s3 ls s3://bucket/a"),
    ("cloud-delete", "cloud", DENY, "deletes resources of a cloud", "list them", "gcloud projects list"),
    ("cloud-change", "cloud", ASK, "changes what runs in the cloud", "look at it", "heroku releases"),
    ("cloud-access", "cloud", ASK, "changes who may do what in the cloud", "look at it", "aws iam list-users"),
    ("web-delete", "cloud", ASK, "deletes something on another machine", "read it first", "curl https://example.com/items/1"),
    ("backup-delete", "cloud", ASK, "deletes backups", "list them", "restic snapshots"),
    # repositories
    ("repo-delete", "repositories", DENY, "deletes a hosted repository or what belongs to it", "look at it", "gh repo view"),
    ("repo-change", "repositories", ASK, "changes a hosted repository for everybody", "look at it", "gh repo view"),
    # databases
    ("db-drop", "databases", DENY, "throws away tables, databases or all rows", "count the rows", "psql -c 'SELECT count(*) FROM t'"),
    ("db-delete", "databases", DENY, "deletes all rows of a table", "name the rows", "psql -c 'DELETE FROM t WHERE id = 1'"),
    ("db-update", "databases", ASK, "changes all rows of a table", "name the rows", "psql -c 'UPDATE t SET a = 1 WHERE id = 1'"),
    ("db-alter", "databases", ASK, "drops parts of the schema", "look at it", "psql -c '\\d t'"),
    ("db-tool", "databases", DENY, "resets a database", "look at its state", "rails db:migrate:status"),
    # publishing
    ("publish", "publishing", ASK, "publishes a package; that cannot be taken back", "rehearse", "npm publish --dry-run"),
    ("publish-image", "publishing", ASK, "publishes an image", "build it only", "docker build ."),
    ("publish-release", "publishing", ASK, "publishes a release", "look at the releases", "gh release list"),
    ("publish-access", "publishing", ASK, "changes who may publish", "look first", "npm whoami"),
    ("unpublish", "publishing", DENY, "withdraws or renames what others install", "look first", "npm view left"),
    # credentials
    ("secret-read", "credentials", ASK, "shows keys or passwords", "read the example or the names only", "cat .env.example"),
    ("secret-shown", "credentials", ASK, "prints a secret of the environment", "test that it is set", "test -n \"$API_TOKEN\""),
    ("secret-sent", "credentials", DENY, "sends keys, passwords or the environment over the network", "send what is public", "curl https://example.com"),
    ("sent-to-socket", "credentials", ASK, "sends output to a socket", "write it to a file", "date > /tmp/out.txt"),
    # code
    ("reverse-shell", "code", DENY, "hands a shell to another machine", "use ssh", "ssh host uptime"),
    ("run-fetched", "code", DENY, "runs what a server sends, unread", "save and read it first", "curl -o /tmp/install.sh https://example.com/install.sh"),
    ("run-decoded", "code", DENY, "runs encoded text that nobody has read", "decode it to look at it", "base64 -d notes.b64"),
    ("run-unknown", "code", ASK, "runs text that the line does not say", "write the command out", "ls -la"),
    ("too-complex", "code", ASK, "nests deeper than can be checked", "write it as several plain commands", "ls -la"),
    # hooks
    ("hooks-switched-off", "hooks", DENY, "switches our hooks off", "let the person do that", "hubctl hooks list"),
    ("hooks-disabled", "hooks", DENY, "disables the hooks in the settings", "change canonical.yaml", "hubctl plan"),
    ("hooks-removed", "hooks", DENY, "removes our hooks, a release or their state", "repair them", "hubctl apply"),
    ("hooks-changed", "hooks", DENY, "changes our hooks, a release or their state", "repair them", "hubctl apply"),
    ("settings-written", "hooks", ASK, "changes the client's settings beside canonical.yaml", "change canonical.yaml", "hubctl plan"),
    # git-work
    ("git-reset-hard", "git-work", DENY, "throws away all changes that are not committed", "keep them", "git stash push"),
    ("git-reset-merge", "git-work", ASK, "may throw away changes", "keep them", "git stash push"),
    ("git-checkout-force", "git-work", DENY, "throws away local changes while switching", "keep them", "git stash push"),
    ("git-discard-all", "git-work", DENY, "throws away every change in the working folder", "keep them", "git stash push"),
    ("git-discard", "git-work", ASK, "throws away changes of these files", "keep them", "git stash push -- notes.txt"),
    ("git-clean", "git-work", DENY, "removes files that git does not know and cannot bring back", "list them", "git clean -n"),
    ("git-stash-drop", "git-work", ASK, "throws away stashed work", "look at it", "git stash show -p"),
    ("git-stash-clear", "git-work", DENY, "throws away all stashed work", "look at it", "git stash list"),
    ("git-worktree-remove", "git-work", ASK, "removes a working tree with its changes", "look at it", "git worktree list"),
    ("git-rm-force", "git-work", ASK, "removes files with changes that are not committed", "take them out of the index only", "git rm --cached notes.txt"),
    ("vcs-discard", "git-work", ASK, "throws away local changes or history", "look at them", "hg status"),
    # git-history
    ("git-branch-delete", "git-history", ASK, "deletes a branch, merged or not", "delete only what is merged", "git branch -d feature"),
    ("git-branch-reset", "git-history", ASK, "moves an existing branch elsewhere", "make a new one", "git branch feature-2"),
    ("git-tag-delete", "git-history", ASK, "deletes a tag", "list tags", "git tag --list"),
    ("git-reflog", "git-history", DENY, "removes the last way back to lost commits", "look at it", "git reflog"),
    ("git-gc", "git-history", ASK, "removes commits that nothing names any more", "keep the grace period", "git gc"),
    ("git-filter", "git-history", DENY, "rewrites the history of the repository", "try it in a clone", "git clone . /tmp/copy"),
    ("git-update-ref", "git-history", DENY, "removes a branch or tag without a check", "delete only what is merged", "git branch -d feature"),
    ("git-rewrite", "git-history", ASK, "rewrites the history from its first commit", "look at it", "git log --oneline"),
    ("git-no-verify", "git-history", ASK, "skips the checks that guard commits and pushes", "let them run", "git commit -m text"),
    ("git-hooks-path", "git-history", ASK, "replaces the repository's git hooks", "look at them", "git config --get core.hooksPath"),
    # git-remote
    ("git-push-force", "git-remote", DENY, "overwrites what others have pushed", "force only over what you have seen", "git push --force-with-lease"),
    ("git-push-mirror", "git-remote", DENY, "makes the remote a copy, deleting what is not here", "push one branch", "git push origin HEAD"),
    ("git-push-delete", "git-remote", DENY, "deletes branches or tags of the remote", "delete your own only", "git branch -d feature"),
)  # fmt: skip

RULES = {row[0]: Rule(*row) for row in _ROWS}


def reason(rule: Rule, target: str) -> str:
    """The sentence that the model and the person read."""
    safer = f" Safer: {rule.advice}" + (f", `{rule.safer}`." if rule.safer else ".")
    return f"{rule.id}: `{target}` {rule.what}.{safer}"
