"""Names by which other languages remove files, start programs, send, and query databases."""

from hooks_shared.shell.values import words

_FILES = ("File", "Files", "Pathname", "fs", "Path", "Deno", "FileUtils", "os")
# Name → (takes whole folders, parts of the whole name of which one must be there; () any).
REMOVERS: dict[str, tuple[bool, tuple[str, ...]]] = {
    **dict.fromkeys(
        words(
            "rmtree removeItem removeItemAtPath rmSync rmdirSync rm rimraf rimrafSync "
            "removeSync emptyDirSync emptyDir rm_rf rm_r remove_tree remove_entry remove_dir "
            "remove_entry_secure remove_dir_all deleteDir delete_tree send2trash RemoveAll "
            "deleteSync deleteAsync removeRecursive deleteRecursively removeDirectoryRecursive "
            "removePathForcibly"
        ),
        (True, ()),
    ),
    **dict.fromkeys(
        words("removedirs remove unlink unlinkSync rmdir rm_f safe_unlink trash removeFile"),
        (False, ()),
    ),
    "removeDir": (True, ()),
    "Delete": (True, ("Directory", "File")),
    "sync": (True, ("rimraf", "del", "trash")),
    "delete": (False, _FILES),
    "deleteFile": (False, ()),
}
# Name → parts of the full name of which one must be there; () any.
RUNNERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        words(
            "system Popen check_call check_output getoutput getstatusoutput execSync execFileSync "
            "execFile spawn spawnSync execv execvp execl execlp execve execvpe shell_exec passthru "
            "proc_open capture2 capture3 capture2e create_subprocess_shell create_subprocess_exec "
            "callCommand callProcess readProcess rawSystem "
            "execaCommand execa execaSync execaCommandSync posix_spawn Command popen2 popen3 "
        ),
        (),
    ),
    "popen": ("os", "IO", "subprocess", "io", "popen"),
    "run": ("subprocess", "sp.", "asyncio", "Deno", "invoke", "sh.", "Open3"),
    "call": ("subprocess", "sp.", "Artisan"),
    "exec": ("child_process", "cp.", "exec"),
    "command": ("Sys",),
    "execute": ("os",),
    "script": (),  # `do shell script "…"` of osascript
    "startfile": (),
    "ProcessBuilder": (),
    "call_command": (),
    "cmd": (),
    "shell": (),
    "sh": (),
    "pipeline": ("Open3",),
}
FRAMEWORKS = ("artisan", "rails", "manage.py", "flask")
# Call → the program of the framework that it stands for.
FRAMEWORK_CALLS = {
    "call_command": "manage.py",
    "management.call_command": "manage.py",
    "Artisan.call": "artisan",
}
CODE_RUNNERS = words("eval instance_eval class_eval Function runInThisContext runInNewContext "
                     "loadstring load assert_options create_function exec_module")  # fmt: skip
WRITERS = dict.fromkeys(
    words(
        "open fopen openSync writeFileSync writeFile appendFileSync appendFile createWriteStream "
        "outputFileSync file_put_contents write_text write_bytes copyFileSync copyfile copy copy2 "
        "truncate truncateSync move rename renames renameSync moveSync writeTextFileSync "
        "writeTextFile binwrite atomic_write mv"
    ),
    0,
)
EMPTIERS = words(
    "writeFileSync writeFile write_text write_bytes file_put_contents writeTextFileSync binwrite"
)
MOVERS = words("move rename renames renameSync moveSync mv")
READERS = words(
    "open fopen readFileSync readFile read_text read_bytes file_get_contents createReadStream "
    "readlines read readTextFile readTextFileSync dotenv_values slurp File.read file"
)
SENDERS = words("post put request urlopen fetch send sendall sendto upload axios Post post_form "
                "sendBeacon HTTPConnection LWP Net HTTP get")  # fmt: skip
SQL_CALLS = words(
    "execute executescript executemany raw query $executeRaw executeRaw executeRawUnsafe "
    "$executeRawUnsafe exec_query select_all exec_driver_sql prepare do statement unprepared "
    "queryRawUnsafe run_sql ExecuteNonQuery Exec"
)
# Name → "always"; "empty": where it has no arguments; "all": behind `.all`; "words": near data.
DATA_REMOVERS = {
    **dict.fromkeys(
        words(
            "delete_all destroy_all dropDatabase drop_database dropAllTables flushall flushdb "
            "flushAll flushDb FLUSHALL drop_collection recursiveDelete dropCollection "
            "drop_table drop_all dropTable dropTableIfExists dropSchema forceTruncate "
            "truncate_all delete_many_all"
        ),
        "always",
    ),
    **dict.fromkeys(words("deleteMany delete_many drop remove destroyMany"), "words"),
    "delete": "all",
    "truncate": "words",
}
DATA_WORDS = words(
    "prisma PrismaClient mongoose mongodb MongoClient pymongo sequelize Sequelize knex "
    "collection db objects sqlalchemy engine session Model models redis Redis createClient DB "
    "connection"
)
SERVICE_WORDS = words(
    "boto3 botocore kubernetes octokit Octokit github Github gitlab Gitlab stripe docker azure "
    "googleapiclient storage S3Client EC2Client DynamoDBClient RDSClient compute_v1 linode hcloud "
    "digitalocean heroku3 cloudflare Cloudflare PyGithub ghapi bigquery spanner elasticsearch "
    "Elasticsearch opensearchpy OpenSearch qdrant_client pinecone Pinecone weaviate chromadb "
    "firestore firebase_admin"
)
MODES = ("chmod", "chmodSync", "chmod_R", "lchmod", "chown_R")
MAPPERS = ("map", "array_map", "array_walk", "deque", "starmap")
SHOWERS = words("print puts log printf warn info debug write stderr echo")
CONNECTORS = words("connect fsockopen TCPSocket create_connection open_connection Socket Socket "
                   "createConnection INET")  # fmt: skip
SHELL_NAMES = words("sh bash zsh dash ksh cmd.exe powershell powershell.exe")
