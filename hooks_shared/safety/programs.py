"""Which modules judge which program; one that is not here is judged by the words it uses."""

from hooks_shared.shell.values import words

_FAMILY = "hooks_shared.safety."
_ROWS = {
    "removals": (
        "rm zf_rm rmdir unlink srm wipe shred gshred grm find gfind bfs trash trash-put "
        "trash-empty gio tmpreaper tmpwatch rip del erase rd deltree remove-item ri rimraf del-cli"
    ),
    "writes": (
        "tee sponge cp gcp mv gmv install ginstall ln dd truncate rsync sed gsed tar bsdtar "
        "mkdir zip 7z 7za 7zz rar unzip cpio perl ruby yq sd gawk"
    ),
    "disks": (
        "mkfs mke2fs mkswap newfs newfs_apfs mkdosfs fdisk sfdisk cfdisk parted sgdisk gdisk "
        "wipefs diskutil cryptsetup lvremove vgremove vgreduce pvremove lvreduce resize2fs zpool "
        "zfs btrfs mdadm blkdiscard badblocks hdparm nvme umount dmsetup e2fsck fsck tune2fs "
        "efibootmgr format.com mount grub-install grub2-install lilo extlinux syslinux"
    ),
    "machine": (
        "shutdown reboot halt poweroff init telinit systemctl kill pkill killall killall5 "
        "skill iptables ip6tables iptables-restore ip6tables-restore ufw nft firewall-cmd "
        "pfctl aa-teardown crontab sysctl setenforce rmmod modprobe insmod kexec ip ifconfig "
        "nmcli route ifdown rfkill csrutil spctl nvram tccutil defaults apt apt-get aptitude "
        "yum dnf pacman rpm dpkg zypper apk emerge xbps-remove update-alternatives"
    ),
    "permissions": "chmod gchmod chown gchown chgrp setfacl chattr chflags xattr icacls takeown",
    "users": (
        "userdel deluser groupdel delgroup usermod useradd adduser passwd gpasswd chpasswd visudo "
        "dscl vipw chage newusers dseditgroup sysadminctl net"
    ),
    "git": "git hub",
    "services": (
        "acme.sh adb airflow alembic algolia aliyun amplify anaconda ansible-playbook "
        "apache2ctl apachectl appwrite arc arcconf argocd artisan asr atlas auth0 auto avrdude "
        "aws aws2 awslocal az azcopy b2 bao barman bazel bazelisk bb bfg borg borgmatic bosh "
        "bq brew buildah buildkite-agent bun bw bzr cabal cap capistrano caprover cargo cdk "
        "cdktf celery ceph certbot cf cfssl changeset charmcraft chef chef-client choco cilium "
        "civo clusterctl cnpm code code-insiders colima conan confluent console consul "
        "contentful copilot couchbase-cli crane crictl crossplane ctr curator curator_cli "
        "dagster darcs dart databricks datadog db-migrate dbmate dbt dconf deno diesel "
        "directus django-admin docker docker-compose doctl dokku dotnet doveadm drbdadm "
        "drizzle-kit drone drush dsdel dsrm duplicity dvc earthly eas eb edgedb eksctl "
        "elasticsearch-keystore elm espefuse espefuse.py espsecure.py esptool esptool.py "
        "etcdctl etcdutl exim exim4 exo fastboot fastlane fdesetup firebase firebase-tools "
        "flashrom flask flatpak flit flutter flux fly flyctl flyway fossil gcloud gconftool-2 "
        "gel gem gh gh-stack git-filter-repo git-town gitlab-runner glab gluster "
        "golang-migrate goose gopass goreleaser govc gpg gpg2 gradle gradlew grpcurl gsettings "
        "gsutil gt guix hadoop hasura hatch hcloud hdfs helm helmfile heroku hg hpssacli httpd "
        "hub husky ibmcloud idevicerestore incus influx ipa ipmitool istioctl jenkins "
        "jenkins-cli jf jfrog jira jj JLinkExe journalctl jsr juju k0s k3d "
        "k3s-agent-uninstall.sh k3s-killall.sh k3s-uninstall.sh kadmin kadmin.local kafka-acls "
        "kafka-acls.sh kafka-configs kafka-configs.sh kafka-consumer-groups "
        "kafka-consumer-groups.sh kafka-delete-records kafka-delete-records.sh kafka-topics "
        "kafka-topics.sh kamatera kcat kind knex knife ko kopia kops kubeadm kubecolor kubectl "
        "kubeseal kwallet-query kwriteconfig5 launchctl ldapdelete ldapmodrdn lefthook lein "
        "lerna lftp lima limactl linear linkerd linode-cli lint-staged liquibase loginctl "
        "luarocks lvconvert lxc lxc-destroy machinectl magento manage.py mc mcli medusa "
        "megacli MegaCli64 meltano memcflush memflush metal migrate mikro-orm mikro-orm-esm "
        "minikube mix mlflow mongorestore mt multipass mvn mvnw nats neo4j-admin neon neonctl "
        "nerdctl netlify nginx nhost nimble nix nix-collect-garbage nix-env nixos-rebuild "
        "nodetool nomad nova now np npm nrfjprog ntl nuget nx oc occ oci okta op opam "
        "openocd opensearch-keystore openstack oras orb overcommit ovhcloud ovsx p4 packer "
        "packet pagerduty pass patronictl payload pct pdm perccli pg_ctl pg_ctlcluster "
        "pg_dropcluster pg_resetwal pgbackrest picotool pip pip3 pipx platform pm2 pnpm pod "
        "podman podman-compose poetry port postsuper pre-commit prefect prisma prlctl "
        "proxmox-backup-client pscale pulumi pvesm pyocd qm rabbitmqadmin rabbitmqctl rados "
        "rails railway rake rancher rbd rc-service rclone rebar3 redfishtool regctl release-it "
        "render restic riak riak-admin rke rke2 rke2-uninstall.sh rpk rq rustup s3cmd s5cmd "
        "salt salt-call salt-ssh sam samba-tool sanity sbt scancel scoop scw scylla-nodetool "
        "sea-orm-cli security sedutil-cli semantic-release sentry-cli sequelize sequelize-cli "
        "serverless service setup.py sg_format skopeo sl sls snap snapcraft snapper snmpset "
        "spago spr sqlx ssacli sst st-flash stack standard-version step STM32_Programmer_CLI "
        "storcli storcli64 strapi stripe supabase supervisorctl sv svn svnadmin systemsetup "
        "tailscale talosctl tea tencentcloud tern terraform terragrunt timeshift tmutil tmux "
        "tofu turso twilio twine typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm typst "
        "umzug upctl upsun utmctl uv vagrant vault VBoxManage vboxmanage velero vercel virsh "
        "vmrun vsce vultr vultr-cli wal-g wasm-pack web-ext wg-quick winget wp wrangler wsl "
        "xcrun xe xfconf-query yarn zerotier-cli zkCli zkCli.sh zookeeper-shell "
        "zookeeper-shell.sh"
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
        "raku kotlin nim ocaml jshell clj bb janet fennel clisp octave octave-cli matlab runghc "
        "runhaskell gcc cc clang g++ clang++ tcc rustc javac"
    ),
    "secrets": (
        "cat head tail less more bat grep egrep fgrep rg awk sort strings xxd hexdump od cp "
        "sqlite3 gcp ln install base64 nl tac view vim vi nano emacs code jq yq security gpg pass "
        "op keyring secret-tool printenv tr perl ruby cut bw lpass diff openssl sed ag ack paste "
        "fold pr fmt expand column sops ansible-vault age gopass chamber doppler infisical "
        "npm git tee rev declare typeset pbcopy xclip xsel wl-copy clip"
    ),
    "senders": (
        "curl wget nc ncat netcat socat scp sftp ftp tftp telnet mail mailx sendmail ssh http "
        "https xh rsync gh aws gsutil rclone gcloud mutt swaks neomutt az s3cmd s5cmd mc b2 "
        "azcopy nsupdate"
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
        "taskkill fsutil disable-netadapter iex invoke-expression"
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
    "coverage commitizen cz gitmoji aider llm ollama mods claude codex gemini"
)

# What a program's words have in them where `verbs` has something to say.
HINTS = tuple(
    words(
        "delet destr termin purge drop wipe nuke erase oblit teardown tear-down deprov decommi "
        "undeploy send reset remove clear prune flush truncate publish clean uninstall "
        "unregist -del upload share transfer"
    )
)


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for module, names in _ROWS.items():
        for name in names.split():
            table[name] = (*table.get(name, ()), _FAMILY + module)
    return table


PROGRAMS = _table()
