"""Rows of clouds, stored objects, backups and hosted repositories; how to read them: service_rows."""

TABLE = """
[aws aws2 awslocal
 --profile --region --output --endpoint-url --query --bucket --key --name --exclude --include]
s3 rb ; ; ; cloud-storage
s3 rm ; --recursive ; ; cloud-storage
s3 rm ; ; ; cloud-object
s3 sync|mv ; --delete ; ; cloud-storage
s3 mv ; --recursive ; ; cloud-storage
s3 cp|sync ; --acl=public-* ; ; cloud-access
s3api delete-bucket|delete-objects|delete-bucket-policy ; ; ; cloud-storage
s3api delete-object ; ; ; cloud-object
s3api put-bucket-acl|put-object-acl|put-bucket-policy|put-public-access-block ; ; ; cloud-access
s3api put-bucket-lifecycle*|put-bucket-versioning|put-bucket-website ; ; ; cloud-change
s3api delete-public-access-block ; ; ; cloud-access
ec2 release-address|stop-instances ; ; ; cloud-delete
ec2 reboot-instances|cancel-* ; ; ; cloud-change
ec2 authorize-security-group-ingress … ; --cidr=0.0.0.0/0 --cidr=::/0 --ip-permissions=*0.0.0.0/0* ; ; cloud-access
cloudformation delete-stack|delete-stack-set ; ; ; infra-destroy
cloudformation update-stack|deploy ; ; --no-execute-changeset ; infra-apply-asked
iam detach-role-policy|detach-user-policy ; ; ; cloud-delete
iam attach-*|put-*-policy|create-access-key|create-login-profile ; ; ; cloud-access
iam add-user-to-group|update-assume-role-policy|update-login-profile ; ; ; cloud-access
secretsmanager get-secret-value ; ; ; secret-read
secretsmanager put-secret-value|update-secret ; ; ; cloud-change
ssm get-parameter|get-parameters|get-parameters-by-path ; --with-decryption ; ; secret-read
sts get-session-token ; ; ; secret-read
configure export-credentials ; ; ; secret-read
configure get ; aws_secret_access_key aws_session_token *.aws_secret_access_key ; ; secret-read
kms schedule-key-deletion|disable-key ; ; ; cloud-delete
route53 change-resource-record-sets ; ; ; cloud-change
ecs update-service ; --desired-count=0 ; ; cloud-change
autoscaling update-auto-scaling-group|set-desired-capacity ; --desired-capacity=0 --max-size=0 ; ; cloud-change
rds modify-db-instance|modify-db-cluster ; --no-deletion-protection --master-user-password ; ; cloud-change
rds reboot-*|restore-*|failover-* ; ; ; cloud-change
lambda put-function-concurrency ; --reserved-concurrent-executions=0 ; ; cloud-change
lambda add-permission ; --principal=* ; --principal=*.amazonaws.com ; cloud-access
organizations close-account|remove-account-from-organization|leave-organization ; ; ; cloud-delete
* delete-*|terminate-*|purge-*|destroy-*|deregister-*|batch-delete-*|force-delete-* ; ; ; cloud-delete
* stop-*|remove-*|disable-*|deactivate-*|reset-*|revoke-*|reboot-*|detach-*|disassociate-* ; ; ; cloud-change
[gcloud
 --project --region --zone --account --format --configuration --filter]
storage rm ; ; ; cloud-storage
storage … delete ; ; ; cloud-storage
storage rsync ; --delete-unmatched-destination-objects ; ; cloud-storage
… delete|destroy|bulk-delete|delete-access-config|delete-instances ; ; ; cloud-delete
… remove-iam-policy-binding|set-iam-policy|add-iam-policy-binding ; ; ; cloud-access
… add-access-config|allow-* ; ; ; cloud-access
compute firewall-rules create|update … ; --source-ranges=0.0.0.0/0 ; ; cloud-access
secrets versions access ; ; ; secret-read
secrets versions disable ; ; ; cloud-change
auth print-access-token|print-identity-token ; ; ; secret-read
auth … print-access-token|print-identity-token ; ; ; secret-read
iam service-accounts keys create ; ; ; cloud-access
compute instances stop|reset|suspend ; ; ; cloud-change
app versions|services stop ; ; ; cloud-change
sql … restore|restart|clone|failover|import ; ; ; cloud-change
sql instances patch ; --no-deletion-protection --activation-policy=NEVER ; ; cloud-change
container clusters resize ; --num-nodes=0 --size=0 ; ; cloud-change
projects|services disable ; ; ; cloud-change
[gsutil
 -h -o]
rm|rb ; ; ; cloud-storage
rsync ; -d ; -n ; cloud-storage
acl|iam|defacl ch|set … ; ; ; cloud-access
mv ; ; ; cloud-object
[bq
 --project_id --location --dataset_id]
rm ; ; ; cloud-storage
load|cp ; --replace -f ; ; db-update
[az
 --subscription -g --resource-group -n --name --query -o --output]
group delete ; ; ; cloud-delete
… delete|delete-batch|purge|remove|delete-* ; ; ; cloud-delete
… stop|deallocate|restart|redeploy|reset|disable ; ; ; cloud-change
role assignment create ; ; ; cloud-access
ad sp create-for-rbac ; ; ; cloud-access
keyvault secret show|download ; ; ; secret-read
account get-access-token ; ; ; secret-read
… list-keys|show-connection-string|list-connection-strings ; ; ; secret-read
storage|cosmosdb … keys list ; ; ; secret-read
storage container set-permission ; ; --public-access=off ; cloud-access
deployment … create ; --mode=Complete --mode=complete ; ; infra-destroy
[azcopy]
remove|rm ; ; ; cloud-storage
sync ; --delete-destination=true ; ; cloud-storage
[doctl
 -t --access-token --context]
… delete|rm|d|destroy|delete-* ; ; ; cloud-delete
… power-off|shutdown|reboot|rebuild|restore|reset|power-cycle ; ; ; cloud-change
[hcloud]
… delete ; ; ; cloud-delete
server rebuild|reset|poweroff ; ; ; cloud-change
[linode-cli]
… delete|rm|*-delete ; ; ; cloud-delete
linodes rebuild|shutdown ; ; ; cloud-delete
[scw]
… delete|terminate ; ; ; cloud-delete
[oci]
… delete|terminate|bulk-delete|bulk-delete-* ; ; ; cloud-delete
[ibmcloud]
… delete|rm|service-delete|*-delete ; ; ; cloud-delete
[vultr-cli vultr civo exo upctl openstack nova aliyun tencentcloud ovhcloud packet metal kamatera]
… delete|remove|rm|destroy|terminate|purge ; ; ; cloud-delete
… rebuild|reset|stop|halt ; ; ; cloud-change
… Delete*|Terminate*|Release*|Destroy* ; ; ; cloud-delete
[cf]
delete|delete-space|delete-org|delete-service|delete-*|purge-* ; ; ; cloud-delete
stop|unmap-route|unbind-service ; ; ; cloud-change
[heroku
 -a --app -r --remote]
apps:destroy|destroy|pg:reset|addons:destroy|apps:delete|pipelines:destroy ; ; ; cloud-delete
pg:backups:delete|certs:remove|redis:reset|repo:reset|spaces:destroy ; ; ; cloud-delete
pg:copy|pg:push|pg:restore|pg:backups:restore|pg:promote|pg:killall ; ; ; cloud-change
domains:remove|domains:clear|config:unset|releases:rollback|rollback|addons:detach ; ; ; cloud-change
access:remove|maintenance:on|ps:stop|ps:kill|pipelines:promote|members:remove ; ; ; cloud-change
ps:scale|scale *=0* ; ; ; cloud-change
config:get ; *KEY* *SECRET* *TOKEN* *PASS* *URL* ; ; secret-read
config|pg:credentials:url|auth:token ; ; ; secret-read
[fly flyctl
 -a --app -c --config -o --org]
destroy ; ; ; cloud-delete
apps|machine|machines|volumes|volume|vol|postgres|pg|m|redis|orgs destroy|delete|remove|rm|d ; ; ; cloud-delete
ips release ; ; ; cloud-change
scale count 0|*=0 ; ; ; cloud-change
apps suspend|pause ; ; ; cloud-change
secrets unset ; ; ; cloud-change
certs|wireguard|tokens remove|delete|revoke ; ; ; cloud-change
auth token ; ; ; secret-read
[vercel now
 -t --token -S --scope --cwd -A]
remove|rm ; ; ; cloud-delete
… rm|remove|delete ; ; ; cloud-delete
rollback ; ; ; cloud-change
[netlify ntl]
sites:delete|env:unset|blobs:delete ; ; ; cloud-delete
[railway]
down|delete ; ; ; cloud-delete
… delete|remove|rm ; ; ; cloud-delete
variables ; ; --set ; secret-read
[render]
… delete|suspend ; ; ; cloud-delete
[dokku caprover]
apps:destroy|*:destroy|*:delete ; ; ; cloud-delete
ps:stop|config:unset|config:clear|domains:clear ; ; ; cloud-change
[platform upsun]
environment:delete|project:delete|*:delete ; ; ; cloud-delete
[wrangler
 -c --config -e --env]
delete ; ; ; cloud-delete
r2|kv:namespace|kv|d1|queues|pages|secret|kv:key|vectorize|hyperdrive|workflows … delete ; ; ; cloud-delete
kv:bulk|kv … bulk delete ; ; ; cloud-delete
rollback|d1 time-travel restore ; ; ; cloud-change
[firebase firebase-tools
 -P --project]
firestore:delete|database:remove|projects:delete|hosting:disable|functions:delete ; ; ; cloud-delete
hosting:sites:delete|hosting:channel:delete|apps:* ; -f --force ; ; cloud-delete
firestore:*:delete|*:delete|*:destroy ; ; ; cloud-delete
auth:import|database:set ; ; ; cloud-change
[supabase]
db reset ; ; ; db-tool
db push ; --include-all --include-seed ; ; db-tool
migration repair ; ; ; db-tool
projects|branches|functions|secrets|sso|domains|orgs delete|unset|remove ; ; ; cloud-delete
storage rm ; ; ; cloud-storage
[neonctl neon]
… delete|reset|restore ; ; ; cloud-delete
[confluent]
… delete ; ; ; cloud-delete
[appwrite amplify nhost]
… delete|deleteProject|delete-* ; ; ; cloud-delete
[rclone
 --config --include --exclude --filter]
delete|purge|rmdirs|deletefile|cleanup ; ; -n ; cloud-storage
sync|move|moveto|bisync ; ; -n ; cloud-storage
[mc mcli
 --config-dir]
rm|rb ; -r --recursive --force ; ; cloud-storage
rm|rb ; ; ; cloud-object
mirror ; --remove ; ; cloud-storage
admin … remove|rm|restart|stop ; ; ; cloud-change
anonymous|policy set public|download|upload|private ; ; ; cloud-access
ilm|version … rm|remove|suspend ; ; ; cloud-change
[s3cmd]
del|rm|rb ; -r --recursive --force ; ; cloud-storage
del|rm|rb ; ; ; cloud-object
sync ; --delete-removed ; ; cloud-storage
setacl ; --acl-public ; ; cloud-access
expire|setlifecycle ; ; ; cloud-change
[s5cmd]
rm|rb ; ; ; cloud-storage
sync ; --delete ; ; cloud-storage
[b2]
delete-bucket|rm|delete-file-version|bucket … ; ; ; cloud-storage
file|bucket … delete|hide ; ; ; cloud-storage
sync ; --delete --replace-newer ; ; cloud-storage
[gh
 -R --repo -X --method -f -F -H -q --jq -t --title --notes -n --visibility -b --body --input]
repo delete ; ; ; repo-delete
repo archive|rename ; ; ; repo-change
repo edit ; --visibility --default-branch ; ; repo-change
repo sync ; --force ; ; git-push-force
repo deploy-key … delete|add ; ; ; repo-change
release delete|delete-asset ; ; ; repo-delete
release create ; ; ; publish-release
release upload ; --clobber ; ; publish-release
secret delete|remove ; ; ; repo-change
variable delete ; ; ; repo-change
pr merge ; --admin ; ; repo-change
pr close ; -d --delete-branch ; ; repo-change
issue delete ; ; ; repo-delete
issue transfer ; ; ; repo-change
gist delete ; ; ; repo-delete
cache delete ; -a --all ; ; repo-change
run|workflow delete|disable ; ; ; repo-change
ssh-key|gpg-key delete|add ; ; ; repo-change
api … ; -X=DELETE --method=DELETE -XDELETE -X=delete ; ; repo-delete
api … *protection*|*collaborators*|*transfer*|*visibility*|*hooks*|*keys* ; -X=PUT -X=PATCH --method=PUT --method=PATCH -X=POST --method=POST ; ; repo-change
api … *git/refs* ; -X=PATCH --method=PATCH ; ; git-push-force
api … repos/*/*|/repos/*/* ; -f=private=* -F=private=* -f=archived=* -F=archived=* ; ; repo-change
api graphql ; -f=query=*mutation*delete* -F=query=*mutation*delete* ; ; repo-delete
auth token ; ; ; secret-read
auth status ; -t --show-token ; ; secret-read
auth logout ; ; ; repo-change
codespace|cs delete ; ; ; repo-change
label|ruleset|project delete ; ; ; repo-change
[glab]
repo|project delete ; ; ; repo-delete
repo|project archive|transfer ; ; ; repo-change
release|variable|issue|mr|label|snippet|schedule|ci delete ; ; ; repo-delete
release create ; ; ; publish-release
api … ; -X=DELETE --method=DELETE -XDELETE ; ; repo-delete
auth status ; -t --show-token ; ; secret-read
[hub]
delete ; ; ; repo-delete
release delete ; ; ; repo-delete
release create ; ; ; publish-release
api … ; -X=DELETE -XDELETE --method=DELETE ; ; repo-delete
[tea]
repos|releases|issues … delete|rm ; ; ; repo-delete
[stripe]
refunds|payouts|charges|transfers create ; --live ; ; cloud-change
… delete|cancel|void ; ; ; service-delete
[bb jira linear sentry-cli datadog pagerduty auth0 okta twilio algolia contentful sanity]
… delete|remove|destroy|purge|void|cancel ; ; ; service-delete
[tmutil]
delete|deletelocalsnapshots|disable|deleteinprogress ; ; ; backup-delete
[restic
 -r --repo --keep-last -p --password-file]
forget|prune ; ; -n ; backup-delete
unlock ; --remove-all ; ; backup-delete
restore ; --delete ; --dry-run ; backup-delete
[borg borgmatic]
delete|prune|recreate ; ; -n ; backup-delete
[kopia duplicity]
snapshot|repository|policy delete|expire ; ; ; backup-delete
remove-all-*|remove-older-than ; ; ; backup-delete
cleanup ; --force ; ; backup-delete
[snapper timeshift]
delete|undochange|rollback ; ; ; backup-delete
; --delete --delete-all --restore ; ; backup-delete
"""
