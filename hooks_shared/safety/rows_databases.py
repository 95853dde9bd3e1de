"""Rows of tools that change a database's schema or keep its data; how to read them: service_rows."""

TABLE = """
[rails rake]
… db:drop|db:drop:*|db:reset|db:purge|db:migrate:reset|db:schema:load|db:structure:load|db:setup ; ; ; db-tool
… db:truncate_all|db:seed:replant|db:nuke|db:wipe|db:clean|db:rollback:all ; ; ; db-tool
… db:migrate ; VERSION=0 ; ; db-tool
destroy ; ; ; service-delete
release ; ; ; publish
[artisan]
migrate:fresh|migrate:reset|db:wipe|migrate:refresh|schema:drop ; ; --pretend ; db-tool
queue:flush|horizon:clear|queue:clear ; ; ; db-tool
down ; ; ; cloud-change
[manage.py django-admin]
flush|reset_db|reset_schema|sqlflush|drop_test_database|clear_db|delete_all ; ; ; db-tool
migrate … zero ; ; ; db-tool
loaddata|dumpdata … ; ; ; -
[prisma]
migrate reset ; ; ; db-tool
db push ; --force-reset --accept-data-loss ; ; db-tool
[sequelize sequelize-cli]
db:drop|db:migrate:undo:all|db:seed:undo:all ; ; ; db-tool
[knex]
migrate:rollback ; --all ; ; db-tool
[typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm]
schema:drop ; ; ; db-tool
schema:sync ; ; ; db-alter
[drizzle-kit]
drop ; ; ; db-tool
push ; --force ; ; db-tool
[mikro-orm mikro-orm-esm]
schema:drop|schema:fresh|migration:fresh|database:drop ; ; ; db-tool
[alembic
 -c --config -n --name -x]
downgrade base ; ; ; db-tool
stamp ; --purge ; ; db-tool
[flask]
db downgrade base ; ; ; db-tool
… drop-db|drop_db|reset-db|reset_db|init-db|initdb|drop-all ; ; ; db-tool
[flyway]
clean ; ; ; db-tool
undo|repair ; ; ; db-alter
[liquibase]
… dropAll|drop-all|rollback-to-date|rollbackToDate ; ; ; db-tool
[dbmate]
drop|rollback ; ; ; db-tool
[diesel sea-orm-cli sqlx]
database|db|migrate reset|drop|fresh|refresh ; ; ; db-tool
migration revert ; --all ; ; db-tool
[goose]
… reset|down-to ; ; ; db-tool
[migrate golang-migrate]
… drop ; ; ; db-tool
… down ; -all --all ; ; db-tool
… force ; ; ; db-alter
[tern atlas]
schema clean ; ; ; db-tool
schema apply ; --auto-approve ; ; db-tool
… delete|terminate ; ; ; cloud-delete
[console]
doctrine:database:drop|doctrine:schema:drop|doctrine:fixtures:load ; ; --append ; db-tool
doctrine:schema:update ; --force --complete ; ; db-alter
doctrine:migrations:migrate first ; ; ; db-tool
[db-migrate]
reset|db:drop ; ; ; db-tool
[umzug]
down ; --to=0 ; ; db-tool
[turso]
db destroy ; ; ; db-tool
group destroy ; ; ; db-tool
[pscale]
database|branch|backup|password delete ; ; ; db-tool
branch demote ; ; ; db-tool
[influx]
bucket|org|user delete ; ; ; db-tool
delete ; ; ; db-tool
[neo4j-admin]
… load|restore|copy ; --overwrite-destination --force ; ; db-tool
[mongorestore]
; --drop ; ; db-alter
[pg_ctl pg_ctlcluster]
… stop|kill ; ; ; service-stop
[pg_resetwal pg_dropcluster]
; ; ; db-tool
[pgbackrest wal-g barman]
… delete|expire|stanza-delete|restore|delete-backup ; ; --dry-run ; backup-delete
[patronictl]
remove|reinit|switchover|failover ; ; ; db-tool
[nodetool scylla-nodetool]
clearsnapshot|decommission|removenode|drain|assassinate ; ; ; db-tool
[curator_cli curator]
delete_indices|delete-indices ; ; ; db-tool
[memflush memcflush]
; ; ; db-drop
[dbt]
run ; --full-refresh ; ; db-alter
seed|build ; --full-refresh ; ; db-alter
run-operation *drop*|*delete*|*truncate*|*clean* ; ; ; db-alter
[meltano airflow prefect dagster]
db reset|clean ; ; ; db-tool
dags|deployment|pools|run delete|wipe ; ; ; db-tool
state clear|clear-state ; ; ; db-tool
[hasura]
migrate apply ; --down ; ; db-alter
metadata clear ; ; ; db-tool
[directus strapi payload medusa]
… database reset|drop ; ; ; db-tool
migrate:fresh|migrate:reset|migrate:refresh ; ; ; db-tool
[magento wp drush occ]
db reset|drop|clean ; ; ; db-tool
site empty|delete|wipe ; ; ; db-tool
sql-drop|sql:drop|site-install|site:install ; ; ; db-tool
post|user|plugin delete|uninstall ; --all --force ; ; service-delete
setup:uninstall|db:drop-all ; ; ; db-tool
"""
