"""The table of services' command lines: words, options it needs, options that excuse it, rule."""

Row = tuple[tuple[str, ...], str, str, str]


def _rows(text: str) -> list[Row]:
    """One row a line: `words ; needs ; unless ; rule`."""
    found: list[Row] = []
    for line in text.strip().split("\n"):
        verb, needs, unless, rule = (field.strip() for field in line.split(";"))
        found.append((tuple(verb.split()), needs, unless, rule))
    return found


_DOCKER = """
system prune ; -a --all --volumes ; ; container-prune
system prune ; ; ; container-clean
volume rm|remove|prune ; ; ; container-volumes
volume|image|container|network prune ; -a --all ; ; container-prune
image|container|network|builder|buildx prune ; ; ; container-clean
buildx prune ; ; ; container-clean
rm ; -f --force -v --volumes ; ; container-remove
container rm ; -f --force -v --volumes ; ; container-remove
rmi ; -f --force ; ; container-clean
compose … down ; -v --volumes --rmi ; ; container-volumes
compose … rm ; -v -f ; ; container-remove
… down ; -v --volumes --rmi ; ; container-volumes
swarm leave ; -f --force ; ; cluster-delete
stack rm|remove|down ; ; ; cluster-delete
service rm|remove ; ; ; cluster-delete
secret|config rm|remove ; ; ; cluster-delete
run ; --privileged --pid=host ; ; container-privileged
push ; ; ; publish-image
machine rm|reset ; ; ; container-prune
system reset ; ; ; container-prune
"""
_KUBECTL = """
delete ns|namespace|namespaces|node|nodes|pv|pvc|crd|crds ; ; ; cluster-delete-all
delete persistentvolume|persistentvolumeclaim ; ; ; cluster-delete-all
delete ; --all -A --all-namespaces ; ; cluster-delete-all
delete ; --force --grace-period=0 --now ; ; cluster-delete-all
delete ; ; ; cluster-delete
drain ; ; ; cluster-drain
replace ; --force ; ; cluster-delete
apply ; --prune ; ; cluster-delete
scale ; --replicas=0 ; ; cluster-drain
rollout undo ; ; ; cluster-drain
config delete-cluster|delete-context|delete-user|unset ; ; ; cluster-delete
get secret|secrets ; -o --output ; ; secret-read
adm drain ; ; ; cluster-drain
"""
_TERRAFORM = """
destroy ; ; ; infra-destroy
apply ; -destroy --destroy ; ; infra-destroy
apply ; -auto-approve --auto-approve ; ; infra-apply
apply ; ; ; infra-apply-asked
run-all apply|destroy ; ; ; infra-destroy
state rm|push|replace-provider ; ; ; infra-state
workspace delete ; ; ; infra-state
force-unlock ; ; ; infra-state
taint ; ; ; infra-state
"""
_AWS = """
s3 rb ; ; ; cloud-storage
s3 rm ; --recursive ; ; cloud-storage
s3 rm ; ; ; cloud-object
s3 sync|mv ; --delete ; ; cloud-storage
s3 mv ; --recursive ; ; cloud-storage
s3api delete-bucket|delete-objects|delete-bucket-policy ; ; ; cloud-storage
s3api delete-object ; ; ; cloud-object
s3api put-bucket-acl|put-object-acl|put-bucket-policy ; ; ; cloud-access
ec2 stop-instances|release-address ; ; ; cloud-delete
cloudformation delete-stack|delete-stack-set ; ; ; infra-destroy
iam detach-role-policy|detach-user-policy ; ; ; cloud-delete
iam attach-user-policy|attach-role-policy|put-user-policy|create-access-key ; ; ; cloud-access
secretsmanager get-secret-value ; ; ; secret-read
ssm get-parameter|get-parameters ; --with-decryption ; ; secret-read
kms schedule-key-deletion|disable-key ; ; ; cloud-delete
configure get ; aws_secret_access_key ; ; secret-read
ecr batch-delete-image ; ; ; cloud-delete
* delete-*|terminate-*|purge-*|destroy-*|deregister-* ; ; ; cloud-delete
* stop-*|remove-*|disable-*|reset-*|revoke-* ; ; ; cloud-change
organizations close-account|remove-account-from-organization ; ; ; cloud-delete
"""
_NPM = """
publish ; ; ; publish
unpublish ; ; ; unpublish
deprecate ; ; ; unpublish
dist-tag add|rm ; ; ; unpublish
owner|access … ; ; ; publish-access
npm publish ; ; ; publish
-r publish ; ; ; publish
workspaces foreach … publish ; ; ; publish
token list|create|revoke ; ; ; publish-access
"""
_GH = """
repo delete ; ; ; repo-delete
repo archive|rename ; ; ; repo-change
repo edit ; --visibility ; ; repo-change
release delete|delete-asset ; ; ; repo-delete
release create ; ; ; publish-release
secret delete|remove ; ; ; repo-change
variable delete ; ; ; repo-change
pr merge ; --admin ; ; repo-change
pr close ; -d --delete-branch ; ; repo-change
issue delete ; ; ; repo-delete
gist delete ; ; ; repo-delete
cache delete ; -a --all ; ; repo-change
run|workflow delete|disable ; ; ; repo-change
api … ; -X=DELETE --method=DELETE -XDELETE ; ; repo-delete
auth token ; ; ; secret-read
auth logout ; ; ; repo-change
codespace delete ; ; ; repo-change
label|ruleset delete ; ; ; repo-change
"""

ROWS: dict[str, list[Row]] = {
    "docker": _rows(_DOCKER),
    "kubectl": _rows(_KUBECTL),
    "terraform": _rows(_TERRAFORM),
    "aws": _rows(_AWS),
    "npm": _rows(_NPM),
    "gh": _rows(_GH),
    "helm": _rows("""
uninstall|delete|del|un ; ; ; cluster-uninstall
rollback ; ; ; cluster-drain
"""),
    "helmfile": _rows("destroy|delete ; ; ; cluster-uninstall"),
    "flux": _rows("delete|uninstall ; ; ; cluster-uninstall"),
    "argocd": _rows("app|appset|cluster|proj|repo delete|rm ; ; ; cluster-uninstall"),
    "pulumi": _rows("""
destroy|down ; ; ; infra-destroy
stack rm ; ; ; infra-state
state delete ; ; ; infra-state
up|update ; -y --yes -f --skip-preview ; ; infra-apply
"""),
    "cdk": _rows("""
destroy ; ; ; infra-destroy
deploy ; --require-approval=never ; ; infra-apply
"""),
    "sst": _rows("remove|refresh ; ; ; infra-destroy"),
    "serverless": _rows("remove ; ; ; infra-destroy"),
    "sam": _rows("delete ; ; ; infra-destroy"),
    "eksctl": _rows("delete ; ; ; cluster-delete-all"),
    "gcloud": _rows("""
… delete|destroy ; ; ; cloud-delete
storage rm ; ; ; cloud-storage
storage … delete ; ; ; cloud-storage
… remove-iam-policy-binding|set-iam-policy|add-iam-policy-binding ; ; ; cloud-access
secrets versions access ; ; ; secret-read
auth print-access-token|print-identity-token ; ; ; secret-read
"""),
    "gsutil": _rows("""
rm|rb ; ; ; cloud-storage
rsync ; -d ; ; cloud-storage
"""),
    "bq": _rows("rm ; ; ; cloud-storage"),
    "az": _rows("""
group delete ; ; ; cloud-delete
… delete|delete-batch|purge ; ; ; cloud-delete
keyvault secret show ; ; ; secret-read
account get-access-token ; ; ; secret-read
"""),
    "doctl": _rows("… delete|rm|d|destroy ; ; ; cloud-delete"),
    "hcloud": _rows("… delete ; ; ; cloud-delete"),
    "linode-cli": _rows("… delete|rm ; ; ; cloud-delete"),
    "scw": _rows("… delete|terminate ; ; ; cloud-delete"),
    "oci": _rows("… delete|terminate|bulk-delete ; ; ; cloud-delete"),
    "ibmcloud": _rows("… delete|rm|service-delete ; ; ; cloud-delete"),
    "cf": _rows("delete|delete-space|delete-org|delete-service ; ; ; cloud-delete"),
    "heroku": _rows("""
apps:destroy|destroy|pg:reset|addons:destroy|apps:delete ; ; ; cloud-delete
domains:remove|domains:clear|config:unset|releases:rollback ; ; ; cloud-change
config ; ; ; secret-read
"""),
    "fly": _rows("""
destroy ; ; ; cloud-delete
apps|machine|machines|volumes|volume|postgres|pg|m destroy|delete|remove|rm ; ; ; cloud-delete
secrets unset ; ; ; cloud-change
"""),
    "vercel": _rows("""
remove|rm ; ; ; cloud-delete
project|domains|env|secrets|dns|certs rm|remove ; ; ; cloud-delete
"""),
    "netlify": _rows("sites:delete|env:unset ; ; ; cloud-delete"),
    "railway": _rows("down|delete ; ; ; cloud-delete"),
    "wrangler": _rows("""
delete ; ; ; cloud-delete
r2|kv:namespace|kv|d1|queues|pages|secret … delete ; ; ; cloud-delete
"""),
    "firebase": _rows("""
firestore:delete|database:remove|projects:delete|hosting:disable|functions:delete ; ; ; cloud-delete
auth:import ; ; ; cloud-change
"""),
    "supabase": _rows("""
db reset ; ; ; db-tool
projects|branches|functions|secrets delete|unset ; ; ; cloud-delete
"""),
    "rclone": _rows("""
delete|purge|rmdirs|deletefile|cleanup ; ; ; cloud-storage
sync|move ; ; ; cloud-storage
"""),
    "mc": _rows("""
rm|rb ; -r --recursive --force ; ; cloud-storage
mirror ; --remove ; ; cloud-storage
"""),
    "s3cmd": _rows("""
del|rm|rb ; -r --recursive --force ; ; cloud-storage
del|rm|rb ; ; ; cloud-object
sync ; --delete-removed ; ; cloud-storage
"""),
    "s5cmd": _rows("rm|rb ; ; ; cloud-storage"),
    "b2": _rows("delete-bucket|rm|delete-file-version|bucket … ; ; ; cloud-storage"),
    "glab": _rows("""
repo|project delete ; ; ; repo-delete
release|variable|issue|mr delete ; ; ; repo-delete
"""),
    "lerna": _rows("publish ; ; ; publish"),
    "changeset": _rows("publish ; ; ; publish"),
    "twine": _rows("upload ; ; ; publish"),
    "poetry": _rows("publish ; ; ; publish"),
    "cargo": _rows("""
publish ; ; -n ; publish
yank|owner ; ; ; unpublish
workspaces publish ; ; ; publish
release ; -x --execute ; ; publish
"""),
    "gem": _rows("""
push ; ; ; publish
yank ; ; ; unpublish
"""),
    "mvn": _rows("""
… deploy ; ; ; publish
… release:perform|deploy:deploy|nexus-staging:release ; ; ; publish
… flyway:clean|liquibase:dropAll ; ; ; db-tool
"""),
    "gradle": _rows("""
… publish|uploadArchives|publishPlugins|publishToMavenCentral ; ; ; publish
… publishAllPublicationsToMavenCentralRepository ; ; ; publish
… flywayClean ; ; ; db-tool
"""),
    "dotnet": _rows("""
nuget push ; ; ; publish
nuget delete ; ; ; unpublish
ef database drop ; ; ; db-tool
"""),
    "nuget": _rows("push ; ; ; publish"),
    "pod": _rows("""
trunk push ; ; ; publish
trunk delete|deprecate ; ; ; unpublish
"""),
    "dart": _rows("pub publish ; ; ; publish"),
    "mix": _rows("""
hex.publish ; ; ; publish
ecto.drop|ecto.reset ; ; ; db-tool
"""),
    "jsr": _rows("publish ; ; ; publish"),
    "vsce": _rows("""
publish ; ; ; publish
unpublish ; ; ; unpublish
"""),
    "goreleaser": _rows("release ; ; --snapshot --skip=publish --skip-publish ; publish"),
    "semantic-release": _rows("; ; ; publish"),
    "conan": _rows("""
upload ; ; ; publish
remove ; ; ; unpublish
"""),
    "vault": _rows("""
delete|destroy ; ; ; cloud-delete
kv delete|destroy|metadata ; ; ; cloud-delete
secrets|auth disable ; ; ; cloud-delete
operator seal|step-down ; ; ; cloud-delete
read ; ; ; secret-read
kv get ; ; ; secret-read
"""),
    "consul": _rows("kv delete ; ; ; cloud-delete"),
    "nomad": _rows("""
job stop|purge ; ; ; cluster-delete
stop ; ; ; cluster-delete
system gc ; ; ; cluster-delete
"""),
    "etcdctl": _rows("""
del|rm|rmdir ; ; ; cluster-delete
member remove ; ; ; cluster-delete
"""),
    "vagrant": _rows("destroy ; ; ; container-remove"),
    "virsh": _rows(
        "destroy|undefine|vol-delete|pool-delete|snapshot-delete ; ; ; container-remove"
    ),
    "VBoxManage": _rows("""
unregistervm ; --delete ; ; container-remove
closemedium … ; --delete ; ; container-remove
"""),
    "lxc": _rows("delete ; ; ; container-remove"),
    "multipass": _rows("delete|purge ; ; ; container-remove"),
    "minikube": _rows("delete ; ; ; cluster-delete"),
    "kind": _rows("delete cluster|clusters ; ; ; cluster-delete"),
    "k3d": _rows("cluster delete ; ; ; cluster-delete"),
    "velero": _rows("backup|restore|schedule delete ; ; ; cluster-delete"),
    "rabbitmqctl": _rows("""
reset|force_reset|delete_queue|delete_vhost|delete_user|purge_queue ; ; ; db-tool
"""),
    "rabbitmqadmin": _rows("delete|purge ; ; ; db-tool"),
    "kafka-topics": _rows("; --delete ; ; db-tool"),
    "crictl": _rows("""
rmi ; --prune -a --all ; ; container-prune
rm|rmp ; -f -a --all ; ; container-remove
"""),
    "tmutil": _rows("delete|deletelocalsnapshots|disable ; ; ; backup-delete"),
    "restic": _rows("""
forget ; --prune ; ; backup-delete
prune ; ; ; backup-delete
"""),
    "borg": _rows("delete|prune|recreate ; ; -n ; backup-delete"),
    "launchctl": _rows("""
unload|bootout|disable|remove ; ; ; service-stop
setenv ; HUBCTL_HOOKS ; ; hooks-switched-off
"""),
    "hg": _rows("""
update|up|checkout ; -C --clean ; ; vcs-discard
revert ; -a --all ; ; vcs-discard
strip|purge ; ; ; vcs-discard
push ; -f --force ; ; vcs-discard
"""),
    "svn": _rows("""
revert ; -R --recursive ; ; vcs-discard
cleanup ; --remove-unversioned ; ; vcs-discard
delete|rm ; --force ; ; vcs-discard
"""),
    "jj": _rows("abandon|restore ; ; ; vcs-discard"),
    "brew": _rows("uninstall|remove ; --force --zap --ignore-dependencies ; ; package-remove"),
    "snap": _rows("remove ; --purge ; ; package-remove"),
    "cap": _rows("production deploy:rollback ; ; ; cloud-change"),
}
