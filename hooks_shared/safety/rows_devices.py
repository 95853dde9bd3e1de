"""Rows of devices, disks' controllers, directories, mail and servers; how to read them: service_rows."""

TABLE = """
[esptool esptool.py espefuse espefuse.py espsecure.py
 --port -p --baud -b --chip -c --before --after]
erase_flash|erase-flash|erase_region|erase-region|burn* ; ; ; disk-format
[avrdude
 -p -c -P -b -U -C]
; -e ; ; disk-format
[nrfjprog pyocd st-flash JLinkExe picotool STM32_Programmer_CLI]
erase ; ; ; disk-format
; --eraseall --recover --mass-erase ; ; disk-format
[openocd
 -f -s -l]
; -c=*erase* --command=*erase* ; ; disk-format
[flashrom
 -p -l -c]
; -w -E --write --erase ; ; disk-format
[idevicerestore]
; -e --erase ; ; disk-format
[sg_format]
; --format -F ; ; disk-format
[sedutil-cli]
PSID|* ; --yesIreallywanttoERASEALLmydatausingthePSID --PSIDrevert ; ; disk-format
… ; --revertTPer --revertNoErase --eraseLockingRange ; ; disk-format
[storcli storcli64 perccli megacli MegaCli64 hpssacli ssacli arcconf]
… del|delete|deletearray|init|initialize|erase ; ; ; disk-volumes
; -CfgClr -CfgLdDel -PDClear ; ; disk-volumes
[mt
 -f]
erase ; ; ; disk-format
[ipmitool
 -H -U -P -I -L -f]
power|chassis … off|cycle|reset|soft ; ; ; shutdown
mc reset ; ; ; shutdown
[redfishtool
 -r -u -p]
Systems reset ; ; ; shutdown
[snmpset]
… *ifAdminStatus* ; ; ; network-off
[ceph]
osd purge|destroy|out|rm|lost ; ; ; disk-volumes
osd pool delete|rm ; ; ; disk-volumes
fs|mds rm|fail ; ; ; disk-volumes
[rbd rados]
rm|remove|purge ; ; ; disk-volumes
snap purge|rm|rollback ; ; ; disk-volumes
[gluster]
volume delete|stop|reset ; ; ; disk-volumes
[drbdadm]
invalidate|wipe-md|down|detach|disconnect ; ; ; disk-volumes
[lvconvert]
; --merge ; ; disk-volumes
[pvesm]
free|remove ; ; ; container-remove
[vmrun]
deleteVM|deleteSnapshot|revertToSnapshot ; ; ; container-remove
[govc]
*.destroy|*.rm|*.remove|*.delete ; ; ; container-remove
[xe prlctl utmctl]
*-destroy|*-uninstall|delete|unregister ; ; ; container-remove
[proxmox-backup-client]
snapshot forget ; ; ; backup-delete
prune ; ; --dry-run ; backup-delete
[ldapdelete ldapmodrdn dsdel dsrm]
; ; -n ; user-removed
[ipa samba-tool]
*-del|* delete ; ; ; user-removed
[kadmin kadmin.local]
; -q=delprinc* -q=delete_principal* -q=purgekeys* ; ; user-removed
[postsuper]
; -d ; ; service-delete
[exim exim4]
; -Mrm -Mg ; ; service-delete
[doveadm]
expunge ; ; ; service-delete
mailbox delete ; ; ; service-delete
[nginx]
; -s=stop -s=quit ; ; service-stop
[apachectl apache2ctl httpd]
stop|graceful-stop ; ; ; service-stop
; -k=stop -k=graceful-stop ; ; service-stop
[tmux]
kill-server ; ; ; kill-everything
… ; ; ; -
[fdesetup systemsetup]
disable|removerecovery ; ; ; firewall-off
; -setremotelogin=off ; ; network-off
[asr]
restore ; --erase ; ; disk-format
[gitlab-runner]
unregister ; --all-runners ; ; service-delete
[drone]
repo rm|disable ; ; ; service-delete
[buildkite-agent]
artifact upload ; .env .env.* *id_rsa* *credentials* *.pem ; ; secret-sent
stop ; ; ; service-stop
[jenkins-cli jenkins]
… safe-restart|restart|shutdown|safe-shutdown|quiet-down ; ; ; service-stop
… delete-* ; ; ; service-delete
[bazel bazelisk]
run … *push*|*publish*|*deploy* ; ; ; publish
… ; ; ; -
[grpcurl
 -d -H -import-path -proto]
… *Delete*|*Destroy*|*Purge*|*Drop*|*RemoveAll* ; ; ; web-delete
[bw]
export ; ; ; secret-read
delete ; ; ; service-delete
[op]
item|document|vault|user|group delete ; ; ; service-delete
[pass gopass]
rm|remove|delete ; ; ; service-delete
[gpg gpg2]
; --delete-key --delete-keys --delete-secret-keys --delete-secret-key --delete-secret-and-public-key --delete-secret-and-public-keys ; ; service-delete
[kwallet-query]
; -r --read-password ; ; secret-read
[kubeseal]
; --recovery-unseal ; ; secret-read
[kafka-acls kafka-acls.sh]
; --remove ; ; cloud-access
[rq]
empty ; ; ; db-tool
[zookeeper-shell zookeeper-shell.sh zkCli.sh zkCli]
… deleteall|rmr|delete ; ; ; db-tool
[couchbase-cli]
bucket-flush|bucket-delete|server-remove|failover ; ; ; db-tool
[riak-admin riak]
cluster leave|force-remove|down ; ; ; db-tool
[databricks]
fs rm ; ; ; cloud-storage
… delete|permanent-delete|remove ; ; ; cloud-delete
[edgedb gel]
database|branch wipe|drop ; ; ; db-tool
instance destroy|revert ; ; ; db-tool
[acme.sh]
; --remove --revoke ; ; service-delete
"""
