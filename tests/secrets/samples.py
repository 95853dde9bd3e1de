"""Fake secrets, put together at run time: no file of the project holds anything of their shape.

They come from a fixed stream of pseudo-random characters, so they are the same in every run.
"""

from __future__ import annotations

import base64
import random
import string

_RND = random.Random(20260131)
LOWER_HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits


def some(count: int, alphabet: str = ALNUM) -> str:
    return "".join(_RND.choice(alphabet) for _ in range(count))


def _web_token() -> str:
    parts = (b'{"alg":"HS256"}', b'{"sub":"nobody"}', some(24).encode())
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


DIGITS = string.digits
UPPER = string.ascii_uppercase + string.digits

# kind → texts of that kind
SECRETS: dict[str, tuple[str, ...]] = {
    "anthropic-key": ("sk-" + "ant-api03-" + some(93), "sk-" + "ant-oat01-" + some(40) + "_-AA"),
    "openai-key": ("sk-" + "proj-" + some(40), "sk-" + some(20) + "T3Blbk" + "FJ" + some(20)),
    "aws-key": ("AK" + "IA" + some(16, UPPER), "AS" + "IA" + some(16, UPPER)),
    "google-api-key": ("AI" + "za" + some(35),),
    "google-oauth-token": ("ya" + "29." + some(60),),
    "google-client-secret": ("GOC" + "SPX-" + some(28),),
    "github-token": ("gh" + "p_" + some(36), "gh" + "s_" + some(36), "github" + "_pat_" + some(82)),
    "gitlab-token": ("gl" + "pat-" + some(20), "gl" + "rt-" + some(20)),
    "slack-token": (
        "xo" + "xb-" + some(12, DIGITS) + "-" + some(24, LOWER_HEX),
        "xa" + "pp-1-A1-2-" + some(64, LOWER_HEX),
    ),
    "slack-webhook": (
        "https://hooks.sl" + f"ack.com/services/T{some(8, UPPER)}/B{some(8, UPPER)}/{some(24)}",
    ),
    "discord-webhook": (
        "https://canary.disc" + f"ord.com/api/webhooks/{some(18, DIGITS)}/{some(68)}",
        "https://ptb.disc" + f"ordapp.com/api/v10/webhooks/{some(18, DIGITS)}/{some(68)}",
    ),
    "stripe-key": ("sk" + "_live_" + some(24), "rk" + "_test_" + some(24)),
    "stripe-webhook-secret": ("wh" + "sec_" + some(32),),
    "private-key": tuple(
        f"-----BEGIN {what}PRIV" + "ATE KEY-----" for what in ("RSA ", "OPENSSH ", "ENCRYPTED ", "")
    ),
    "json-web-token": (_web_token(),),
    "azure-storage-key": ("Account" + "Key=" + some(86) + "==",),
    "npm-token": (
        "np" + "m_" + some(36),
        "//registry.example.org/:_auth" + "Token=np" + "m_" + some(36),
    ),
    "pypi-token": ("pyp" + "i-AgEIcHlwaS5vcmc" + some(80),),
    "sendgrid-key": ("SG" + "." + some(22) + "." + some(43),),
    "square-secret": ("sq0" + "csp-" + some(43),),
    "telegram-token": ("7" + some(8, DIGITS) + ":AA" + some(33),),
    "twilio-key": ("S" + "K" + some(32, LOWER_HEX),),
    "mailchimp-key": (some(32, LOWER_HEX) + "-us" + "12",),
    "discord-token": ("M" + some(23) + "." + some(6) + "." + some(27),),
    "hugging-face-token": ("h" + "f_" + some(34),),
    "digitalocean-token": ("dop" + "_v1_" + some(64, LOWER_HEX),),
    "databricks-token": ("da" + "pi" + some(32, LOWER_HEX),),
    "vault-token": ("hv" + "s." + some(24),),
    "docker-token": ("dckr" + "_pat_" + some(27),),
    "linear-key": ("lin" + "_api_" + some(40),),
    "age-key": ("AGE-SECRET" + "-KEY-1" + some(58, UPPER),),
}  # fmt: skip

# Lines whose key says that the value is a secret.
RANDOM = some(40, LOWER_HEX)
ASSIGNED: dict[str, tuple[str, str]] = {
    f"api_key: {RANDOM}": ("token", RANDOM),
    f"  GITHUB_TOKEN: '{RANDOM}'  # mine": ("token", RANDOM),
    f'"clientSecret": "{RANDOM}",': ("token", RANDOM),
    f"export AWS_SECRET_ACCESS_KEY={RANDOM}": ("token", RANDOM),
    f"command: deploy --token {RANDOM} --dry": ("token", RANDOM),
    f"env: {{API_KEY: {RANDOM}}}": ("token", RANDOM),
    f"run: TOKEN={RANDOM} make": ("token", RANDOM),
    f"Authorization: Bearer {RANDOM}": ("token", RANDOM),
    f"curl -H 'X-Api-Key: {RANDOM}'": ("token", RANDOM),
    f"session_token: {some(24)}": ("token", ""),
    "api_key: " + "qWeRtY" * 4: ("token", ""),
    "artifactory: AK" + "C" + some(40): ("artifactory-credential", ""),
    "password: hun" + "ter2": ("password", "hun" + "ter2"),
    "DB_PASS='s3" + "cr3t!!'": ("password", "s3" + "cr3t!!"),
    f"postgres://app:{some(12)}@db:5432/app": ("password-in-a-url", ""),
    "redis://:x@h postgres://app:hun" + "ter2@db/app": ("password-in-a-url", "hun" + "ter2"),
}

HARMLESS = (
    "token: ${GITHUB_TOKEN}",
    "token: $GITHUB_TOKEN",
    "Authorization: Bearer ${TOKEN:-none}",
    'headers: {Authorization: "Bearer $TOKEN"}',
    "api_key: op://vault/item/field1234567",
    "api_key: vault:secret/data/app#k3y0000000",
    "password: $(pass show db/main)",
    "password: `pass show db/main`",
    "secret: env:MY_SECRET_1234567",
    "secret: {{ secrets.A1B2C3D4E5F6 }}",
    "token: <your-token-here-1234>",
    "token: your-token-1a2b3c4d5e",
    "token: GITHUB_TOKEN_2",
    "secret: NAME_OF_K3Y_A1B2C3D4E5",
    "token: %N4m3_0f_K3y_x1%",
    "password: changeme",
    "password: required",
    "apiKeyHelper: ~/.local/bin/print-key-3f2a",
    "apiKey: /etc/keys/9f86d081884c7d65",
    "private_key: ~/.ssh/id_ed25519",
    "private_key: /home/somebody/.ssh/id_ed25519",
    "secret: sha256:" + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "token: 123e4567-e89b-12d3-a456-426614174000",
    "id: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "revision: 5dbd9587f3c1a0e2b4d6f8091a2b3c4d5e6f7081",
    "model: claude-opus-4-20250514",
    "secret: prod-database-main-2",
    "token: kubernetes-service-account",
    "max_tokens: 200000",
    "tokenizer: cl100k_base_a1b2c3d4",
    "token_file: /run/secrets/9f86d081884c",
    "public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9",
    "key: ctrl+shift+k1234567890",
    "keybindings: {submit: ctrl+enter}",
    "url: https://example.org/a:b@c",
    "git@github.com:owner/repo.git",
    "registry: http://localhost:8080/@scope/x",
    "postgres://app:${DB_PASSWORD}@db/app",
    "postgres://user:password@localhost/app",
    "allow: [Bash(git push:*), Read(~/.ssh/**)]",
    "# keep your token in the environment, never here",
    "AWS_ACCESS_KEY_ID: AK" + "IAIOSFODNN7EXAMPLE",
    "sk-ant-your-key-goes-here-please",
    "sk-ant-xxxxxxxxxxxxxxxxxxxxxxxxxx",
    "class APConfigurationBuilder",
    "test_command: uv run pytest tests/ -x",
    "skills: [pytest-test-generator, secret-scanner, token-counter]",
    "hook: sk-antelope",
)  # fmt: skip
