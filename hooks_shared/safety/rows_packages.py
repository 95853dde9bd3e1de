"""Rows of package registries, queues, other version control and services; read by service_rows."""

TABLE = """
[npm pnpm yarn bun deno cnpm
 -w --workspace --prefix -C --dir --filter -F --tag --access --otp --registry --cwd]
publish ; ; ; publish
unpublish ; ; ; unpublish
deprecate ; ; ; unpublish
dist-tag|tag add|rm|remove ; ; ; unpublish
owner|access … ; ; ls list ; publish-access
team|org add|rm|destroy|set ; ; ; publish-access
npm|workspace|workspaces … publish ; ; ; publish
npm tag add|remove ; ; ; unpublish
-r publish ; ; ; publish
token list|create|revoke|delete ; ; ; publish-access
uninstall|rm|remove|un ; <many> ; ; package-remove
[lerna]
publish ; ; ; publish
[nx]
release publish ; ; ; publish
release ; ; --dry-run -d --skip-publish ; publish
[changeset]
publish ; ; ; publish
[semantic-release release-it np standard-version]
; ; --dry-run --preview -d ; publish
[auto]
shipit|release ; ; ; publish
[twine]
upload ; ; ; publish
[poetry flit hatch uv pdm
 -C --directory -r --repository -u --username -p --password]
publish ; ; ; publish
[setup.py]
… upload|register ; ; ; publish
[anaconda]
upload ; ; ; publish
remove ; ; ; unpublish
[conan]
upload ; ; ; publish
remove ; ; ; unpublish
[luarocks cabal stack opam nimble]
upload|publish ; ; ; publish
[cargo
 --manifest-path -p --package --token --registry --config -C]
publish ; ; -n ; publish
yank ; ; ; unpublish
owner ; -a --add -r --remove ; ; unpublish
uninstall ; <many> ; ; package-remove
workspaces|ws publish ; ; ; publish
release ; -x --execute ; ; publish
[gem
 -k --key --host]
uninstall ; <many> -a --all ; ; package-remove
push ; ; ; publish
yank ; ; ; unpublish
owner ; -a --add -r --remove ; ; publish-access
[mvn mvnw
 -f -pl -P -s -Dfile -gs -T]
… deploy ; ; ; publish
… release:perform|deploy:deploy|deploy:deploy-file|nexus-staging:release ; ; ; publish
… jib:build|docker:push|dockerfile:push ; ; ; publish-image
… flyway:clean|liquibase:dropAll ; ; ; db-tool
[gradle gradlew
 -p -b -x -c -P -D --project-dir]
… publishToMavenLocal ; ; ; -
… publish|uploadArchives|publishPlugins|publishTo*|close*Staging*|release*Staging* ; ; ; publish
… publishAll*|publish*Publication*|*:publish|*:publishTo*Central ; ; ; publish
… jib|dockerPush|*:jib|*:dockerPush|pushImage ; ; ; publish-image
… flywayClean|*:flywayClean ; ; ; db-tool
[sbt lein]
… publish|publishSigned|sonatypeRelease|sonatypeBundleRelease|+publish*|ci-release ; ; ; publish
deploy ; ; ; publish
[dotnet
 -s --source -k --api-key]
nuget push ; ; ; publish
nuget delete ; ; ; unpublish
ef database drop ; ; ; db-tool
ef database update 0 ; ; ; db-tool
[nuget choco
 -Source -ApiKey]
push ; ; ; publish
delete|unlist ; ; ; unpublish
[pip pip3 pipx
 -r -c --requirement]
uninstall ; <many> ; ; package-remove
uninstall-all ; ; ; package-remove
install|download|wheel|list|show|freeze|cache|config|index|check|inspect … ; ; ; -
[journalctl]
; --vacuum-time=1s --vacuum-size=1 --vacuum-size=1K --vacuum-files=1 ; ; service-delete
[pod]
trunk push|add-owner ; ; ; publish
trunk delete|deprecate ; ; ; unpublish
repo push ; ; ; publish
[dart flutter]
pub publish ; ; ; publish
[fastlane]
… release|deliver|supply|upload_to_app_store|upload_to_play_store|pilot|beta|deploy ; ; ; publish-release
… nuke ; ; ; cloud-delete
[eas]
submit ; ; ; publish-release
build ; --auto-submit ; ; publish-release
update ; ; ; publish-release
… delete|remove ; ; ; cloud-delete
[xcrun]
altool ; --upload-app ; ; publish-release
simctl erase|delete all|unavailable ; ; ; container-remove
[mix]
hex.publish|hex.build.publish ; ; ; publish
hex.retire ; ; ; unpublish
ecto.drop|ecto.reset ; ; ; db-tool
do … ecto.drop|ecto.drop,|ecto.reset|ecto.reset, ; ; ; db-tool
ecto.rollback ; --all ; ; db-tool
[rebar3]
hex publish ; ; ; publish
[jsr]
publish ; ; ; publish
[vsce ovsx]
publish ; ; ; publish
unpublish ; ; ; unpublish
[goreleaser
 -f --config --skip]
release ; ; --snapshot --skip=publish --skip=*publish* --skip-publish ; publish
publish ; ; ; publish
[wasm-pack elm typst spago web-ext]
publish|sign ; ; ; publish
[jfrog jf]
… upload|u ; ; ; publish
… delete|del ; ; ; unpublish
[snapcraft charmcraft]
upload|push|release|upload-metadata ; ; ; publish
close ; ; ; unpublish
[rabbitmqctl]
reset|force_reset|delete_queue|delete_vhost|delete_user|purge_queue ; ; ; db-tool
stop|stop_app ; ; ; service-stop
[rabbitmqadmin]
delete|purge ; ; ; db-tool
[kafka-topics kafka-topics.sh kafka-delete-records kafka-delete-records.sh]
; --delete --offset-json-file ; ; db-tool
[kafka-consumer-groups kafka-consumer-groups.sh kafka-configs kafka-configs.sh]
; --delete --delete-config ; ; db-tool
; --reset-offsets --execute ; ; db-tool
[rpk kcat]
topic|group|cluster … delete ; ; ; db-tool
[nats]
stream|kv|consumer rm|purge|del|delete|edit ; ; ; db-tool
[celery]
… purge ; ; ; db-tool
[launchctl]
unload|bootout|disable|remove|stop|kill ; ; ; service-stop
setenv ; HUBCTL_HOOKS HUBCTL_HOOKS_OFF ; ; hooks-switched-off
[service]
* stop ; ; ; service-stop
[rc-service sv supervisorctl pm2]
* stop|down ; ; ; service-stop
stop|shutdown|remove|delete|kill all|* ; ; ; service-stop
kill ; ; ; service-stop
[hg
 -R --repository -r --rev]
update|up|checkout|co ; -C --clean ; ; vcs-discard
revert ; -a --all ; ; vcs-discard
strip|purge|rollback ; ; ; vcs-discard
push ; -f --force ; ; vcs-discard
histedit|prune ; ; ; vcs-discard
[svn]
revert ; -R --recursive ; ; vcs-discard
cleanup ; --remove-unversioned ; ; vcs-discard
delete|rm|remove ; --force ; ; vcs-discard
delete|rm|remove *://* ; ; ; vcs-discard
[svnadmin]
… ; --bypass-hooks ; ; vcs-discard
[p4]
revert|obliterate|delete|clean ; ; -n ; vcs-discard
client|branch|label ; -d ; ; vcs-discard
[jj]
abandon|restore ; ; ; vcs-discard
op|operation restore|abandon ; ; ; vcs-discard
git push ; --deleted --all ; ; git-push-delete
[arc]
land ; --force ; ; git-push-force
[sl fossil bzr darcs]
revert ; --no-backup ; ; vcs-discard
revert ; ; *.* */* ; vcs-discard
hide|obliterate ; ; ; vcs-discard
revert|goto|clean|purge|hide|obliterate ; --all -a --clean -C ; ; vcs-discard
[pre-commit lefthook husky overcommit lint-staged]
uninstall ; ; ; git-hooks-path
; --uninstall ; ; git-hooks-path
[bfg git-filter-repo]
; ; ; git-filter
[gt gh-stack git-town spr]
repo reset|… delete ; -f --force ; ; git-branch-delete
[brew]
services stop|kill ; --all ; ; service-stop
uninstall|remove|rm ; --force -f --zap --ignore-dependencies <many> ; ; package-remove
[port winget scoop choco rustup code code-insiders]
uninstall installed|all|scoop ; ; ; package-remove
uninstall ; --all -a ; ; package-remove
self uninstall ; ; ; package-remove
; --uninstall-all-extensions ; ; package-remove
push ; ; ; publish
… ; ; ; -
[guix]
gc ; --delete-generations -d ; ; package-remove
… ; ; ; -
[nix]
profile wipe-history ; ; ; package-remove
… ; ; ; -
[nix-env]
; --delete-generations ; ; package-remove
[snap]
remove ; --purge ; ; package-remove
[flatpak]
uninstall|remove ; --delete-data --all ; ; package-remove
[cap capistrano]
production deploy:rollback ; ; ; cloud-change
[nix-collect-garbage]
; -d --delete-old --delete-older-than ; ; package-remove
[nixos-rebuild]
switch|boot ; ; ; infra-apply-asked
[adb]
uninstall ; ; ; service-delete
shell pm clear|uninstall ; ; ; service-delete
shell wipe|reboot ; ; ; shutdown
reboot ; bootloader recovery ; ; shutdown
[fastboot]
erase|format|flash|flashall|flashing|oem ; ; ; disk-format
; -w ; ; disk-format
[hdfs hadoop]
dfs|fs ; -rm -rmr -expunge -skipTrash ; ; cloud-storage
dfs|fs ; -chmod ; ; cloud-access
namenode ; -format ; ; disk-format
dfsadmin ; -clrQuota ; ; cloud-change
[lftp]
; -e=*--delete* -c=*--delete* -e=*rm* -c=*rm* ; ; cloud-storage
[dvc]
gc ; -f --force ; --dry ; backup-delete
remove|destroy ; ; ; service-delete
[mlflow]
gc ; ; ; backup-delete
[security]
delete-* ; ; ; service-delete
[wsl]
; --unregister ; ; disk-format
[loginctl]
terminate-*|kill-*|poweroff|reboot ; ; ; kill-everything
[dconf gsettings xfconf-query gconftool-2 kwriteconfig5]
reset|reset-recursively|delete ; ; ; machine-settings
; -r -rR --reset --delete --recursive-unset ; ; machine-settings
[certbot]
delete|revoke ; ; ; service-delete
[step cfssl]
ca revoke ; ; ; service-delete
[tailscale wg-quick zerotier-cli]
down|logout|leave ; ; ; network-off
[scancel]
; -u --user ; ; kill-everything
[elasticsearch-keystore opensearch-keystore]
remove ; ; ; db-tool
"""
