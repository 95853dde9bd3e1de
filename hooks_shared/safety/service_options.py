"""Names under which services' programs go, and their options that take the next argument."""

from hooks_shared.shell.values import words

ALIASES = {
    **dict.fromkeys(words("podman nerdctl docker-compose podman-compose"), "docker"),
    **dict.fromkeys(("oc", "kubecolor", "microk8s"), "kubectl"),
    **dict.fromkeys(("tofu", "terragrunt"), "terraform"),
    **dict.fromkeys(words("pnpm yarn bun deno"), "npm"),
    **dict.fromkeys(words("flit hatch uv pdm"), "poetry"),
    **dict.fromkeys(("mvnw",), "mvn"),
    **dict.fromkeys(("gradlew",), "gradle"),
    **dict.fromkeys(("flutter",), "dart"),
    **dict.fromkeys(("release-it", "np"), "semantic-release"),
    "flyctl": "fly",
    "firebase-tools": "firebase",
    "sls": "serverless",
    "cdktf": "cdk",
    "ovsx": "vsce",
    "incus": "lxc",
    "kafka-topics.sh": "kafka-topics",
    "capistrano": "cap",
}

_DOCKER_VALUED = (
    "--context -c -H --host --config -l --log-level --filter -p --project-name -t --time"
)
_DOCKER_VALUED += " --project-directory --profile --env-file"
_KUBE = "-n --namespace --context --kubeconfig --cluster --user -s --server -l --selector"
_KUBE += (
    " -f -o --output --field-selector --grace-period --timeout --replicas -c --container --dry-run"
)

VALUED: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "": "",
        "docker": _DOCKER_VALUED,
        "kubectl": _KUBE,
        "helm": _KUBE.replace("-c --container --dry-run", "--kube-context --kube-apiserver"),
        "terraform": "-chdir -var -var-file -target -state -backup --terragrunt-working-dir",
        "aws": "--profile --region --output --endpoint-url --query --bucket --key --name"
        " --exclude --include",
        "npm": "-w --workspace --prefix -C --dir --filter -F --tag --access --otp --registry --cwd",
        "gh": "-R --repo -X --method -f -F -H -q --jq -t --title --notes -n --visibility -b --body",
        "pulumi": "-s --stack -C --cwd",
        "cdk": "-a --app -c --context --profile --require-approval",
        "gcloud": "--project --region --zone --account --format --configuration --filter",
        "gsutil": "-h -o",
        "bq": "--project_id --location --dataset_id",
        "az": "--subscription -g --resource-group -n --name --query -o --output",
        "doctl": "-t --access-token --context",
        "heroku": "-a --app -r --remote",
        "fly": "-a --app -c --config -o --org",
        "poetry": "-C --directory -r --repository -u --username -p --password",
        "twine": "-r --repository -u -p -c",
        "cargo": "--manifest-path -p --package --token --registry --config -C",
        "gem": "-k --key --host",
        "mvn": "-f -pl -P -s -Dfile -gs -T",
        "gradle": "-p -b -x -c -P -D --project-dir",
        "rclone": "--config --include --exclude --filter",
        "vercel": "-t --token -S --scope --cwd -A",
        "wrangler": "-c --config -e --env",
        "goreleaser": "-f --config --skip",
        "nuget": "-Source -ApiKey",
        "dotnet": "-s --source -k --api-key",
        "firebase": "-P --project",
        "mc": "--config-dir",
    }.items()
}
