"""Rows of containers, clusters, infrastructure and virtual machines; how to read them: service_rows."""

TABLE = """
[docker podman nerdctl docker-compose podman-compose
 --context -c -H --host --config -l --log-level --filter -p --project-name -t --time
 --project-directory --profile --env-file]
system prune ; -a --all --volumes ; ; container-prune
system prune ; ; ; container-clean
system reset ; ; ; container-prune
volume rm|remove|prune ; ; ; container-volumes
volume|image|container|network prune ; -a --all ; ; container-prune
image|container|network|builder|buildx|pod prune ; ; ; container-clean
rm ; -f --force -v --volumes -a --all <many> ; ; container-remove
container|pod rm ; -f --force -v --volumes -a --all <many> ; ; container-remove
rmi ; -f --force -a --all <many> ; ; container-clean
image rm|remove ; -f --force -a --all <many> ; ; container-clean
network rm ; <many> ; ; container-clean
compose … down ; -v --volumes --rmi ; ; container-volumes
compose … rm ; -v -f ; ; container-remove
… down ; -v --volumes --rmi ; ; container-volumes
swarm leave ; -f --force ; ; cluster-delete
stack rm|remove|down ; ; ; cluster-delete
service rm|remove ; ; ; cluster-delete
service scale *=0 ; ; ; cluster-drain
node rm|demote ; ; ; cluster-delete
node update ; --availability=drain ; ; cluster-drain
secret|config rm|remove ; ; ; cluster-delete
run|create ; --privileged --pid=host -v=/:* --volume=/:* -v=*docker.sock:* --volume=*docker.sock:* ; ; container-privileged
push ; ; ; publish-image
image|manifest|compose … push ; ; ; publish-image
build ; --push ; ; publish-image
buildx build|bake ; --push ; ; publish-image
machine rm|reset ; ; ; container-prune
[buildah]
push ; ; ; publish-image
rm|rmi ; -a --all -f --force ; ; container-clean
[skopeo]
copy … docker://* docker://* ; ; ; publish-image
copy … docker://* ; ; ; publish-image
sync ; ; ; publish-image
delete ; ; ; repo-delete
[crane regctl oras]
push|copy|append|tag ; ; ; publish-image
image copy ; ; ; publish-image
delete ; ; ; repo-delete
manifest|image|tag|blob delete|rm ; ; ; repo-delete
[ko]
publish|resolve|apply ; ; ; publish-image
build ; ; -L --local --push=false ; publish-image
[earthly]
… ; --push ; ; publish-image
[crictl]
rmi ; --prune -a --all ; ; container-prune
rm|rmp ; -f -a --all ; ; container-remove
[ctr]
… delete|del|rm|remove ; <many> ; ; container-clean
… push ; ; ; publish-image
[colima limactl lima orb]
delete|reset|stop ; -f --force ; ; container-remove
delete|reset ; ; ; container-remove
[kubectl oc kubecolor
 -n --namespace --context --kubeconfig --cluster --user -s --server -l --selector -f -o --output
 --field-selector --grace-period --timeout --replicas -c --container --dry-run]
delete ns|namespace|namespaces|node|nodes|pv|pvc|crd|crds|project|ns/*|namespace/* ; ; ; cluster-delete-all
delete pv/*|pvc/*|crd/*|node/*|no/*|*,pvc|*,pvc,*|pvc,* ; ; ; cluster-delete-all
delete persistentvolume|persistentvolumeclaim|persistentvolumes|persistentvolumeclaims ; ; ; cluster-delete-all
delete customresourcedefinition|customresourcedefinitions|storageclass|sc ; ; ; cluster-delete-all
delete ; --all -A --all-namespaces ; ; cluster-delete-all
delete ; --force --grace-period=0 --now ; ; cluster-delete-all
delete ; ; ; cluster-delete
run ; --privileged --overrides=*privileged* ; ; container-privileged
drain ; ; ; cluster-drain
adm drain ; ; ; cluster-drain
taint … *:NoExecute ; ; ; cluster-drain
replace ; --force ; ; cluster-delete
apply ; --prune ; ; cluster-delete
patch ; -p=*finalizers*null* --patch=*finalizers*null* -p=*finalizers*[]* ; ; cluster-delete
scale ; --replicas=0 ; ; cluster-drain
patch ; -p=*replicas":0* --patch=*replicas":0* ; ; cluster-drain
rollout undo ; ; ; cluster-drain
config delete-cluster|delete-context|delete-user|unset ; ; ; cluster-delete
config view ; --raw ; ; secret-read
get secret|secrets|secret/*|secrets/* ; -o --output --template ; -o=name -o=wide --output=name --output=wide ; secret-read
create token ; ; ; secret-read
create|apply clusterrolebinding … ; --clusterrole=cluster-admin ; ; cluster-access
adm policy … ; ; ; cluster-access
debug node/* ; ; ; container-privileged
[helm
 -n --namespace --context --kubeconfig --cluster --user -s --server -l --selector -f -o --output
 --field-selector --grace-period --timeout --replicas --kube-context --kube-apiserver]
uninstall|delete|del|un ; ; ; cluster-uninstall
rollback ; ; ; cluster-drain
push|cm-push ; ; ; publish
[helmfile
 -f -e -l -n --file --environment --selector --namespace]
destroy|delete ; ; ; cluster-uninstall
[flux]
delete|uninstall ; ; ; cluster-uninstall
suspend ; --all ; ; cluster-drain
[argocd]
app|appset|cluster|proj|repo delete|rm ; ; ; cluster-uninstall
app sync ; --prune --force ; ; cluster-delete
app rollback ; ; ; cluster-drain
[istioctl linkerd cilium]
… uninstall ; ; ; cluster-uninstall
[kubeadm k0s talosctl rke2]
reset ; ; ; cluster-delete-all
[kops rke rancher clusterctl]
delete|remove ; ; ; cluster-delete-all
[k3s-uninstall.sh k3s-agent-uninstall.sh rke2-uninstall.sh k3s-killall.sh]
; ; ; cluster-delete-all
[eksctl]
delete|drain ; ; ; cluster-delete-all
[nomad]
job stop|purge|revert ; ; ; cluster-delete
stop ; ; ; cluster-delete
system gc ; ; ; cluster-delete
namespace|volume|var|acl … delete|purge|deregister ; ; ; cluster-delete
node drain ; -enable ; ; cluster-drain
[etcdctl etcdutl]
del|rm|rmdir ; ; ; cluster-delete
member remove ; ; ; cluster-delete
snapshot restore ; ; ; cluster-delete
[minikube]
delete ; ; ; cluster-delete
[kind]
delete cluster|clusters ; ; ; cluster-delete
[k3d]
cluster|node|registry delete ; ; ; cluster-delete
[velero]
backup|restore|schedule delete ; ; ; cluster-delete
uninstall ; ; ; cluster-uninstall
[vagrant]
destroy ; ; ; container-remove
snapshot delete|restore|pop ; ; ; container-remove
[virsh]
destroy|undefine|vol-delete|pool-delete|snapshot-delete|net-undefine|net-destroy|vol-wipe ; ; ; container-remove
snapshot-revert ; ; ; container-remove
[VBoxManage vboxmanage]
unregistervm ; --delete ; ; container-remove
closemedium … ; --delete ; ; container-remove
snapshot … delete|restore ; ; ; container-remove
controlvm … poweroff ; ; ; container-remove
[lxc incus lxc-destroy]
delete|rm ; ; ; container-remove
storage|image|network|profile … delete|rm ; ; ; container-remove
[multipass]
delete|purge ; ; ; container-remove
[qm pct]
destroy ; ; ; container-remove
[machinectl]
remove|terminate|poweroff|kill ; ; ; container-remove
[terraform tofu terragrunt
 -chdir -var -var-file -target -state -backup --terragrunt-working-dir --working-dir]
destroy|destroy-all ; ; ; infra-destroy
apply ; -destroy --destroy ; ; infra-destroy
apply ; -auto-approve --auto-approve ; ; infra-apply
apply|apply-all ; ; ; infra-apply-asked
run-all|run apply|destroy ; ; ; infra-destroy
stack run apply|destroy ; ; ; infra-destroy
stack destroy ; ; ; infra-destroy
state rm|push|replace-provider|mv ; ; ; infra-state
workspace delete ; ; ; infra-state
force-unlock ; ; ; infra-state
output *password*|*secret*|*token*|*private_key* ; ; ; secret-read
taint ; ; ; infra-state
init ; -force-copy ; ; infra-state
[pulumi
 -s --stack -C --cwd]
destroy|down ; ; ; infra-destroy
stack rm ; ; ; infra-state
stack output|export ; --show-secrets ; ; secret-read
config … ; --show-secrets ; ; secret-read
state delete|unprotect|edit ; ; ; infra-state
up|update|refresh ; -y --yes -f --skip-preview ; ; infra-apply
cancel ; ; ; infra-state
import ; -y --yes ; ; infra-state
[cdk cdktf
 -a --app -c --context --profile --require-approval]
destroy ; ; ; infra-destroy
deploy ; --require-approval=never --auto-approve --force ; ; infra-apply
gc ; ; ; infra-destroy
[sst]
remove|refresh ; ; ; infra-destroy
[serverless sls]
remove ; ; ; infra-destroy
[sam]
delete ; ; ; infra-destroy
[copilot]
… delete ; ; ; infra-destroy
[eb]
terminate ; ; ; infra-destroy
[packer]
build ; -force --force -on-error=run-cleanup-provisioner ; ; infra-apply-asked
[crossplane]
… delete ; ; ; infra-destroy
[ansible-playbook
 -i -l -e -f -u --inventory --limit --extra-vars --forks --user]
… *destroy*|*teardown*|*wipe*|*purge*|*nuke*|*decommission* ; ; --list-tasks --list-hosts --syntax-check -C ; infra-destroy
… ; -t=*destroy* --tags=*destroy* -t=*teardown* --tags=*teardown* --tags=*purge* --tags=*wipe* ; -C --list-tasks ; infra-destroy
[salt salt-ssh salt-call
 -E -L -G -N -C -I -S -t]
… state.apply|state.highstate ; ; test=True ; infra-apply-asked
… file.remove|system.* ; ; ; cloud-delete
[chef-client chef]
; ; -W --why-run ; infra-apply-asked
[knife]
… delete|bulk ; ; ; cloud-delete
[juju]
destroy-*|kill-controller|remove-* ; ; ; infra-destroy
[bosh]
-d … delete-deployment ; ; ; infra-destroy
delete-*|clean-up ; ; ; infra-destroy
[consul]
kv delete ; ; ; cloud-delete
leave|force-leave ; ; ; cluster-drain
[vault bao]
delete|destroy ; ; ; cloud-delete
kv delete|destroy|metadata ; ; ; cloud-delete
secrets|auth|policy|audit disable|delete ; ; ; cloud-delete
operator seal|step-down|rekey|generate-root ; ; ; cloud-delete
lease revoke ; ; ; cloud-delete
token revoke ; ; ; cloud-delete
read ; ; ; secret-read
kv get ; ; ; secret-read
print token ; ; ; secret-read
"""
