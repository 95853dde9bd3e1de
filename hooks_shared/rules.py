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

# Two lines a rule: `id severity: what would happen`, then `advice: safer command`.
_TABLE = r"""
[files]
rm-root deny: removes the whole file system
  name one folder of the project: ls -la
rm-system deny: removes files of the system
  leave it to the package manager: ls -la
rm-home deny: removes a home folder or what a person keeps in it
  look first, and let the person remove it: ls -la ~
rm-project deny: removes the whole project or everything in this folder
  remove what can be built again: rm -rf build dist
rm-git-folder deny: removes git's own folder and with it all history
  ask git what is wrong: git fsck
rm-unset deny: removes everything below a folder that may be empty, which is then /
  write the folder out: rm -rf ./build
rm-outside deny: removes a folder outside the project
  look first, and let the person remove it: ls -la ..
rm-outside-file ask: removes files outside the project
  keep a copy: mv ../notes.txt /tmp/
rm-folder ask: removes a folder that may hold work
  keep it aside: mv src/old /tmp/
rm-many ask: removes every file that matches
  list what it would remove first: ls *.ts
rm-unknown ask: removes what the line does not say
  print the list first: git ls-files --others --exclude-standard
rm-secret ask: removes a file of keys or settings that git does not keep
  keep a copy: mv .env /tmp/
shred deny: overwrites a file beyond recovery
  move it away: mv notes.txt /tmp/
inline-removal ask: removes a folder that the program computes
  print the path first: ls -la
write-system deny: overwrites a file of the system
  write a copy in the project and let the person install it: cp /etc/hosts ./hosts.new
write-system-more ask: changes a file of the system
  show the person what to add: cat /etc/hosts
write-startup deny: overwrites a start-up file of the shell or of git
  append to it: echo 'export A=1' >> ~/.bashrc
write-access ask: changes who may log in
  show the person the key: cat ~/.ssh/id_ed25519.pub
write-git-folder ask: writes into git's own folder
  use git's own command: git config --list
write-secret ask: overwrites a file of keys
  write an example instead: cp .env.example .env.new
emptied ask: empties a file
  keep a copy: cp notes.txt /tmp/
move-important deny: moves a folder that the system or a person needs where it is
  copy it: cp -r src /tmp/
move-project ask: moves the project or git's own folder away
  copy it: cp -r src /tmp/
move-to-nothing deny: throws a file away by moving it onto a device
  move it to a temporary folder: mv notes.txt /tmp/
rsync-delete ask: deletes at the destination what the source does not have
  rehearse: rsync -a --delete --dry-run src/ copy/
rsync-delete-all deny: deletes in a home, the system or the project what the source lacks
  rehearse: rsync -a --delete --dry-run src/ copy/
tar-removes ask: removes the files it packs
  pack first, remove later: tar czf work.tgz src
[disks]
disk-write deny: writes over a disk
  look at the disks: lsblk
disk-format deny: erases a disk or its keys
  look at the disks: lsblk
disk-partition deny: changes the partitions of a disk
  list them: fdisk -l
disk-unmount ask: takes a file system away, or changes one that may be in use
  look at the mounts: findmnt
disk-volumes deny: removes volumes or snapshots
  list them: lsblk
[permissions]
chmod-system deny: changes permissions of the system or of a home as a whole
  name one file: chmod u+x run.sh
chmod-open ask: lets everybody write or read
  give the owner what is needed: chmod u+rwx run.sh
chmod-lock ask: takes permissions away from a whole tree
  name one file: chmod 644 notes.txt
chmod-setuid ask: lets a program run with its owner's rights
  start it with the rights it needs: chmod 755 run.sh
chown-system deny: changes the owner of the system's or a home's files
  name one folder of the project: ls -la
chown-outside ask: changes the owner of a tree outside the project
  name one folder of the project: ls -la
[machine]
shutdown deny: stops or restarts the machine
  ask the person: uptime
service-stop ask: stops a service
  look at it first: systemctl status
kill-everything deny: ends processes that others depend on
  end one process by its number: kill 12345
firewall-off deny: opens the firewall or lowers the system's protection
  look at the rules: ufw status
machine-settings ask: throws away settings of this machine
  read them: defaults read
network-off ask: cuts the machine off its network
  look first: ip addr
user-rights ask: gives somebody more rights on this machine
  look first: id
user-removed deny: removes a user or group
  look first: id
crontab-removed deny: removes all scheduled jobs
  list them: crontab -l
kernel-switch deny: changes the running kernel
  read the value: sysctl -a
package-pillar deny: removes a package that the system stands on
  rehearse: apt-get remove --dry-run bash
package-remove ask: removes a package with its data
  list packages: brew list
fork-bomb deny: starts itself without end until the machine stands still
  start one process: sleep 1
[containers]
container-prune deny: removes all unused images, containers or volumes
  look at what they take: docker system df
container-clean ask: removes images or stopped containers
  look at what they take: docker system df
container-volumes deny: removes volumes and the data in them
  keep the volumes: docker compose down
container-remove ask: removes containers or machines, running ones too
  stop it: docker stop web
container-privileged ask: gives a container the whole machine
  run it without: docker run --rm alpine true
[clusters]
cluster-delete ask: deletes objects of a cluster
  rehearse: kubectl delete pod web --dry-run=client
cluster-delete-all deny: deletes a namespace, a node, storage or everything of a kind
  look first: kubectl get all
cluster-uninstall deny: removes a release from the cluster
  rehearse: helm uninstall web --dry-run
cluster-access ask: gives somebody more rights in the cluster
  look first: kubectl auth can-i --list
cluster-drain ask: stops what runs in the cluster
  look first: kubectl get pods
[infrastructure]
infra-destroy deny: destroys infrastructure
  look at the plan: terraform plan -destroy
infra-apply deny: changes infrastructure without anybody seeing the plan
  look at the plan: terraform plan
infra-apply-asked ask: changes infrastructure
  look at the plan: terraform plan
infra-state deny: changes what the tool knows about the infrastructure
  list it: terraform state list
[cloud]
cloud-storage deny: deletes stored data as a whole
  rehearse: aws s3 rm s3://bucket/a --recursive --dryrun
cloud-object ask: deletes a stored object
  list it: aws s3 ls s3://bucket/a
cloud-delete deny: deletes resources of a cloud
  list them: gcloud projects list
cloud-change ask: changes what runs in the cloud
  look at it: heroku releases
cloud-access ask: changes who may do what in the cloud
  look at it: aws iam list-users
service-delete ask: deletes what a service or tool keeps, by its own words
  look first: aws s3 ls
script-destroys ask: runs a task or script that says it destroys
  read it first: cat Makefile
web-delete ask: deletes something on another machine
  read it first: curl https://example.com/items/1
backup-delete ask: deletes backups
  list them: restic snapshots
[repositories]
repo-delete deny: deletes a hosted repository or what belongs to it
  look at it: gh repo view
repo-change ask: changes a hosted repository for everybody
  look at it: gh repo view
[databases]
db-drop deny: throws away tables, databases or all rows
  count the rows: psql -c 'SELECT count(*) FROM t'
db-delete deny: deletes all rows of a table
  name the rows: psql -c 'DELETE FROM t WHERE id = 1'
db-update ask: changes all rows of a table
  name the rows: psql -c 'UPDATE t SET a = 1 WHERE id = 1'
db-alter ask: drops parts of the schema
  look at it: psql -c '\d t'
db-tool deny: resets a database
  look at its state: rails db:migrate:status
[publishing]
publish ask: publishes a package; that cannot be taken back
  rehearse: npm publish --dry-run
publish-image ask: publishes an image
  build it only: docker build .
publish-release ask: publishes a release
  look at the releases: gh release list
publish-access ask: changes who may publish
  look first: npm whoami
unpublish deny: withdraws or renames what others install
  look first: npm view left
[credentials]
secret-read ask: shows keys or passwords
  read the example or the names only: cat .env.example
secret-shown ask: prints a secret of the environment
  test that it is set: test -n "$API_TOKEN"
secret-committed ask: puts keys or passwords into the history
  commit an example: git add .env.example
secret-sent deny: sends keys, passwords or the environment over the network
  send what is public: curl https://example.com
sent-to-socket ask: sends output to a socket
  write it to a file: date > /tmp/out.txt
[code]
reverse-shell deny: hands a shell to another machine
  use ssh: ssh host uptime
run-fetched deny: runs what a server sends, unread
  save and read it first: curl -o /tmp/install.sh https://example.com/install.sh
run-decoded deny: runs encoded text that nobody has read
  decode it to look at it: base64 -d notes.b64
run-unknown ask: runs text that the line does not say
  write the command out: ls -la
too-complex ask: nests deeper than can be checked
  write it as several plain commands: ls -la
[hooks]
hooks-switched-off deny: switches our hooks off
  let the person do that: hubctl plan
hooks-disabled deny: disables the hooks in the settings
  change canonical.yaml: hubctl plan
hooks-removed deny: removes our hooks, a release or their state
  repair them: hubctl apply
hooks-changed deny: changes our hooks, a release or their state
  repair them: hubctl apply
settings-written ask: changes the client's settings beside canonical.yaml
  change canonical.yaml: hubctl plan
[git-work]
git-reset-hard deny: throws away all changes that are not committed
  keep them: git stash push
git-reset-merge ask: may throw away changes
  keep them: git stash push
git-checkout-force deny: throws away local changes while switching
  keep them: git stash push
git-discard-all deny: throws away every change in the working folder
  keep them: git stash push
git-discard ask: throws away changes of these files
  keep them: git stash push -- notes.txt
git-clean deny: removes files that git does not know and cannot bring back
  list them: git clean -n
git-stash-drop ask: throws away stashed work
  look at it: git stash show -p
git-stash-clear deny: throws away all stashed work
  look at it: git stash list
git-worktree-remove ask: removes a working tree with its changes
  look at it: git worktree list
git-rm-force ask: removes files with changes that are not committed
  take them out of the index only: git rm --cached notes.txt
vcs-discard ask: throws away local changes or history
  look at them: hg status
[git-history]
git-branch-delete ask: deletes a branch, merged or not
  delete only what is merged: git branch -d feature
git-branch-reset ask: moves an existing branch elsewhere
  make a new one: git branch feature-2
git-tag-delete ask: deletes a tag
  list tags: git tag --list
git-reflog deny: removes the last way back to lost commits
  look at it: git reflog
git-gc ask: removes commits that nothing names any more
  keep the grace period: git gc
git-filter deny: rewrites the history of the repository
  try it in a clone: git clone . /tmp/copy
git-update-ref deny: removes a branch or tag without a check
  delete only what is merged: git branch -d feature
git-rewrite ask: rewrites the history from its first commit
  look at it: git log --oneline
git-no-verify ask: skips the checks that guard commits and pushes
  let them run: git commit -m text
git-hooks-path ask: replaces the repository's git hooks
  look at them: git config --get core.hooksPath
[git-remote]
git-push-force deny: overwrites what others have pushed
  force only over what you have seen: git push --force-with-lease
git-push-mirror deny: makes the remote a copy, deleting what is not here
  push one branch: git push origin HEAD
git-push-delete deny: deletes branches or tags of the remote
  delete your own only: git branch -d feature
"""


def _read(table: str) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    family = ""
    lines = iter(table.strip().split("\n"))
    for line in lines:
        if line.startswith("["):
            family = line.strip("[]")
            continue
        head, _, what = line.partition(": ")
        name, _, severity = head.partition(" ")
        advice, _, safer = next(lines).strip().partition(": ")
        rules[name] = Rule(name, family, severity, what, advice, safer)
    return rules


RULES = _read(_TABLE)


def reason(rule: Rule, target: str) -> str:
    """The sentence that the model and the person read."""
    safer = f" Safer: {rule.advice}" + (f", `{rule.safer}`." if rule.safer else ".")
    return f"{rule.id}: `{target}` {rule.what}.{safer}"
