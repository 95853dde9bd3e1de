"""Which modules judge which program. A name that is not here harms nothing that we know of."""

_FAMILY = "hooks_shared.safety."
_ROWS = {
    "removals": (
        "rm rmdir unlink srm wipe shred gshred grm find gfind bfs trash trash-put rip del "
        "erase rd deltree Remove-Item ri rimraf del-cli"
    ),
    "writes": (
        "tee sponge cp gcp mv gmv install ginstall ln dd truncate rsync sed gsed tar bsdtar mkdir"
    ),
    "disks": (
        "mkfs mke2fs mkswap newfs newfs_apfs mkdosfs fdisk sfdisk cfdisk parted sgdisk "
        "gdisk wipefs diskutil cryptsetup lvremove vgremove pvremove lvreduce resize2fs "
        "zpool zfs btrfs mdadm blkdiscard badblocks hdparm nvme shutdown reboot halt "
        "poweroff init telinit systemctl kill pkill killall iptables ip6tables ufw nft "
        "firewall-cmd pfctl userdel deluser groupdel delgroup crontab sysctl setenforce "
        "csrutil spctl apt apt-get aptitude yum dnf pacman rpm dpkg"
    ),
    "permissions": "chmod gchmod chown gchown chgrp setfacl",
    "git": "git hub",
    "services": (
        "docker podman nerdctl docker-compose podman-compose kubectl oc k9s kubecolor "
        "microk8s helm helmfile flux argocd terraform tofu terragrunt pulumi cdk cdktf "
        "sst serverless sls eksctl sam aws gcloud gsutil bq az doctl heroku fly flyctl "
        "vercel netlify railway wrangler gh glab firebase firebase-tools supabase rclone "
        "mc s3cmd s5cmd b2 linode-cli hcloud scw oci ibmcloud cf npm pnpm yarn bun lerna "
        "changeset twine poetry flit hatch uv pdm cargo gem mvn gradle gradlew mvnw "
        "dotnet nuget composer pod dart flutter mix jsr vsce ovsx goreleaser deno "
        "semantic-release np release-it conan vault consul nomad etcdctl ansible packer "
        "vagrant virsh VBoxManage lxc incus multipass minikube kind k3d velero "
        "rabbitmqctl rabbitmqadmin kafka-topics kafka-topics.sh snap flatpak brew crictl "
        "ctr buildah skopeo systemd-tmpfiles tmutil restic borg launchctl hg svn jj "
        "capistrano cap"
    ),
    "databases": (
        "psql mysql mariadb sqlite3 sqlite mongo mongosh redis-cli valkey-cli dropdb "
        "dropuser mysqladmin cqlsh clickhouse clickhouse-client sqlcmd influx duckdb "
        "cockroach usql pgcli mycli litecli pg_restore rails rake artisan manage.py "
        "prisma sequelize sequelize-cli knex typeorm drizzle-kit alembic flyway liquibase "
        "dbmate mikro-orm django-admin bin/rails turso pscale snowsql neo4j-admin "
        "cypher-shell"
    ),
    "inline": (
        "python php perl ruby node nodejs bun deno lua luajit osascript awk gawk mawk "
        "nawk pypy ipython tsx ts-node julia Rscript groovy tclsh"
    ),
    "secrets": (
        "cat head tail less more bat grep egrep fgrep rg awk sort strings xxd hexdump od "
        "base64 nl tac view vim vi nano emacs code jq yq security gpg pass op keyring "
        "secret-tool printenv cut bw lpass diff openssl wc sed"
    ),
    "senders": (
        "curl wget nc ncat netcat socat scp sftp ftp tftp telnet mail mailx sendmail ssh "
        "http https xh rsync gh aws gsutil rclone gcloud"
    ),
    "settings": "export declare typeset local readonly hubctl unset setx launchctl",
}


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for module, names in _ROWS.items():
        for name in names.split():
            table[name] = (*table.get(name, ()), _FAMILY + module)
    return table


PROGRAMS = _table()
