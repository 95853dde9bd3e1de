"""Which modules judge which program; one that is not here is judged by the words it uses."""

from hooks_shared.shell.values import words

_FAMILY = "hooks_shared.safety."
_ROWS = {
    "removals": (
        "rm rmdir unlink srm wipe shred gshred grm find gfind bfs trash trash-put trash-empty gio "
        "tmpreaper tmpwatch rip del erase rd deltree remove-item ri rimraf del-cli"
    ),
    "writes": (
        "tee sponge cp gcp mv gmv install ginstall ln dd truncate rsync sed gsed tar bsdtar "
        "mkdir zip 7z 7za 7zz rar unzip cpio perl ruby yq sd gawk"
    ),
    "disks": (
        "mkfs mke2fs mkswap newfs newfs_apfs mkdosfs fdisk sfdisk cfdisk parted sgdisk gdisk "
        "wipefs diskutil cryptsetup lvremove vgremove pvremove lvreduce resize2fs zpool zfs "
        "btrfs mdadm blkdiscard badblocks hdparm nvme umount dmsetup e2fsck fsck tune2fs "
        "efibootmgr format.com mount grub-install grub2-install lilo extlinux syslinux"
    ),
    "machine": (
        "shutdown reboot halt poweroff init telinit systemctl kill pkill killall killall5 "
        "skill iptables ip6tables iptables-restore ip6tables-restore ufw nft firewall-cmd "
        "pfctl aa-teardown crontab sysctl setenforce rmmod modprobe insmod kexec ip ifconfig "
        "nmcli route ifdown rfkill csrutil spctl nvram tccutil defaults apt apt-get aptitude "
        "yum dnf pacman rpm dpkg zypper apk emerge xbps-remove update-alternatives"
    ),
    "permissions": "chmod gchmod chown gchown chgrp setfacl chattr chflags icacls takeown",
    "users": (
        "userdel deluser groupdel delgroup usermod useradd adduser passwd gpasswd chpasswd visudo "
        "dscl vipw chage newusers dseditgroup sysadminctl net"
    ),
    "git": "git hub",
    "services": (
        "adb airflow alembic algolia aliyun amplify anaconda ansible-playbook appwrite arc "
        "argocd artisan atlas auth0 auto aws aws2 awslocal az azcopy b2 bao barman bb bfg borg "
        "borgmatic bosh bq brew buildah bun bzr cabal cap capistrano caprover cargo cdk cdktf "
        "celery certbot cf cfssl changeset charmcraft chef chef-client choco cilium civo "
        "clusterctl cnpm colima conan confluent console consul contentful copilot crane crictl "
        "crossplane ctr curator curator_cli dagster darcs dart datadog db-migrate dbmate dbt "
        "dconf deno diesel directus django-admin docker docker-compose doctl dokku dotnet "
        "drizzle-kit drush duplicity dvc earthly eas eb eksctl elasticsearch-keystore elm "
        "etcdctl etcdutl exo fastboot fastlane firebase firebase-tools flask flatpak flit "
        "flutter flux fly flyctl flyway fossil gcloud gconftool-2 gem gh gh-stack "
        "git-filter-repo git-town glab golang-migrate goose goreleaser gradle gradlew "
        "gsettings gsutil gt hadoop hasura hatch hcloud hdfs helm helmfile heroku hg hub husky "
        "ibmcloud incus influx istioctl jf jfrog jira jj journalctl jsr juju k0s k3d "
        "k3s-agent-uninstall.sh k3s-killall.sh k3s-uninstall.sh kafka-configs kafka-configs.sh "
        "kafka-consumer-groups kafka-consumer-groups.sh kafka-delete-records "
        "kafka-delete-records.sh kafka-topics kafka-topics.sh kamatera kcat kind knex knife ko "
        "kopia kops kubeadm kubecolor kubectl kwriteconfig5 launchctl lefthook lein lerna lftp "
        "lima limactl linear linkerd linode-cli lint-staged liquibase loginctl luarocks lxc "
        "lxc-destroy machinectl magento manage.py mc mcli medusa meltano memcflush memflush "
        "metal migrate mikro-orm mikro-orm-esm minikube mix mlflow mongorestore multipass mvn "
        "mvnw nats neo4j-admin neon neonctl nerdctl netlify nhost nimble nix-collect-garbage "
        "nixos-rebuild nodetool nomad nova now np npm ntl nuget nx oc occ oci okta opam "
        "opensearch-keystore openstack oras orb overcommit ovhcloud ovsx p4 packer packet "
        "pagerduty patronictl payload pct pdm pg_ctl pg_ctlcluster pg_dropcluster pg_resetwal "
        "pgbackrest pip pip3 pipx platform pm2 pnpm pod podman podman-compose poetry "
        "pre-commit prefect prisma pscale pulumi qm rabbitmqadmin rabbitmqctl rails railway "
        "rake rancher rc-service rclone rebar3 regctl release-it render restic rke rke2 "
        "rke2-uninstall.sh rpk s3cmd s5cmd salt salt-call salt-ssh sam sanity sbt scancel scw "
        "sea-orm-cli security semantic-release sentry-cli sequelize sequelize-cli serverless "
        "service setup.py skopeo sl sls snap snapcraft snapper spago spr sqlx sst stack "
        "standard-version step strapi stripe supabase supervisorctl sv svn svnadmin tailscale "
        "talosctl tea tencentcloud tern terraform terragrunt timeshift tmutil tofu turso "
        "twilio twine typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm typst umzug upctl "
        "upsun uv vagrant vault VBoxManage vboxmanage velero vercel virsh vsce vultr vultr-cli "
        "wal-g wasm-pack web-ext wg-quick wp wrangler wsl xcrun xfconf-query yarn zerotier-cli"
    ),
    "databases": (
        "psql mysql mariadb sqlite3 sqlite mongo mongosh redis-cli valkey-cli dropdb dropuser "
        "mysqladmin cqlsh clickhouse clickhouse-client sqlcmd duckdb cockroach usql pgcli "
        "mycli litecli pg_restore snowsql snow cypher-shell sqlplus isql osqueryi trino "
        "presto hive beeline impala-shell spark-sql athena wrangler turso bq aws gcloud "
        "heroku fly flyctl prisma supabase neonctl pscale mssql-cli db2 influx questdb rqlite "
        "litestream iredis kcli keydb-cli dragonfly-cli arangosh couchdb surreal edgedb gel "
        "rails manage.py django-admin"
    ),
    "inline": (
        "python php perl ruby node nodejs bun deno lua luajit osascript awk gawk mawk nawk "
        "pypy ipython tsx ts-node zx go julia Rscript groovy java rails manage.py artisan "
        "flask irb pry iex psysh swift elixir erl ghc scala clojure racket guile sbcl crystal "
        "raku kotlin nim ocaml jshell"
    ),
    "secrets": (
        "cat head tail less more bat grep egrep fgrep rg awk sort strings xxd hexdump od cp "
        "gcp ln install base64 nl tac view vim vi nano emacs code jq yq security gpg pass op "
        "keyring secret-tool printenv tr perl ruby cut bw lpass diff openssl sed ag ack paste "
        "fold pr fmt expand column sops ansible-vault age gopass chamber doppler infisical "
        "npm git tee rev declare typeset pbcopy xclip xsel wl-copy clip"
    ),
    "senders": (
        "curl wget nc ncat netcat socat scp sftp ftp tftp telnet mail mailx sendmail ssh http "
        "https xh rsync gh aws gsutil rclone gcloud mutt swaks neomutt az s3cmd s5cmd mc b2 "
        "azcopy"
    ),
    "settings": (
        "export declare typeset local readonly hubctl unset setx launchctl claude claude-code "
        "systemctl set setenv"
    ),
    "windows": (
        "format initialize-disk format-volume clear-disk reset-physicaldisk diskpart "
        "remove-partition resize-partition cipher vssadmin wbadmin bcdedit reg schtasks wmic "
        "sc wevtutil netsh robocopy set-mppreference set-netfirewallprofile "
        "set-executionpolicy stop-computer restart-computer remove-service stop-service "
        "remove-localuser remove-aduser remove-vmsnapshot clear-recyclebin clear-eventlog "
        "remove-itemproperty unregister-scheduledtask remove-vm clear-content publish-module "
        "iex invoke-expression"
    ),
    "carried": (
        "tar gtar bsdtar rsync ssh scp sftp man zip sort split vim vi nvim ex view vimdiff "
        "gdb lldb sqlite3 psql mysql tcpdump nmap docker fzf xterm gnome-terminal konsole "
        "alacritty kitty emacs ed"
    ),
    "tasks": "make gmake just task mage ant invoke inv nox tox rake npm pnpm yarn bun composer",
}


# Programs whose words are files, patterns and texts, so that a word there says nothing.
LOCAL = words(
    "ls cd cat echo printf grep egrep fgrep rg ag ack find fd sort uniq wc cut tr head "
    "tail less more man tldr info apropos whatis which type whence command hash help test "
    "[ [[ expr let seq date sleep touch mkdir stat file tree du df ps pgrep top htop "
    "basename dirname realpath readlink pwd diff cmp comm patch tee xargs env true false "
    ": cp mv ln vi vim nvim nano emacs code subl open xdg-open say figlet cowsay jest "
    "vitest mocha pytest phpunit rspec go gofmt rustc javac java kotlinc scala ghc gcc "
    "g++ clang cc ld tsc eslint prettier ruff mypy black isort flake8 pylint bandit "
    "shellcheck shfmt hadolint yamllint markdownlint vale codespell ctags jq yq xmllint "
    "tidy pandoc convert magick ffmpeg ffprobe sox exiftool gzip gunzip bzip2 xz zstd 7z "
    "bat delta fzf sgrep ast-grep comby semgrep notify-send logger wall write tput clear "
    "reset history fc pip pip3 pipx conda mamba rbenv pyenv nvm asdf mise rustup sdk "
    "volta port dnf zypper apk winget scoop cmake ninja meson bazel buck act tmux screen "
    "pbcopy xclip wl-copy alias unalias return exit break continue shift read trap wait "
    "jobs fg bg disown ulimit umask case select time cspell aspell look strings git-cz "
    "commitizen cz gitmoji aider llm ollama mods claude codex gemini"
)

# What a program's words have in them where `verbs` has something to say.
HINTS = tuple(
    words(
        "delet destr termin purge drop wipe nuke erase oblit teardown tear-down deprov decommi "
        "undeploy reset remove clear prune flush truncate publish clean uninstall"
    )
)


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for module, names in _ROWS.items():
        for name in names.split():
            table[name] = (*table.get(name, ()), _FAMILY + module)
    return table


PROGRAMS = _table()
