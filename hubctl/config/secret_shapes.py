"""The shapes of known secrets, one row each: what a cheap look sees, and who judges.

Where `plugin` is set, the row's pattern only says whether it is worth asking that plugin of
detect-secrets (it sees everything the plugin finds: a test generates from the plugin's own
patterns); else the pattern itself judges, and its first group, if it has one, is the secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of secret.

    Attributes:
        label: the words for it, with article.
        triggers: texts in lower case, one of which stands in every line that has the secret; ()
            where there is none, so that the pattern itself is searched for.
        pattern: see above.
        plugin: `module:Class` below `detect_secrets.plugins`, "" for our own shapes.
        weak: ordinary text can have this shape too, so the found text must look random as well.
    """

    label: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    plugin: str = ""
    weak: bool = False

    @property
    def kind(self) -> str:
        """Last part of the rule's name, `secret/<kind>`: the label as an id."""
        return self.label.partition(" ")[2].lower().replace(" ", "-")


def _own(label: str, triggers: str, pattern: str) -> Shape:
    return Shape(label=label, triggers=tuple(triggers.split()), pattern=re.compile(pattern))


def _ask(plugin: str, label: str, triggers: str, pattern: str) -> Shape:
    return replace(_own(label, triggers, pattern), plugin=plugin)


def _doubt(plugin: str, label: str, triggers: str, pattern: str) -> Shape:
    return replace(_ask(plugin, label, triggers, pattern), weak=True)


_OWN = (
    _own("an Anthropic key", "sk-ant-", r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    _own("an OpenAI key", "sk-", r"\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{24,}"),
    _own("an OpenAI key", "sk-", r"\bsk-[A-Za-z0-9]{48}\b"),
    _own("a Google API key", "aiza", r"\bAIza[0-9A-Za-z_-]{35}"),
    _own("a Google OAuth token", "ya29.", r"\bya29\.[0-9A-Za-z_-]{20,}"),
    _own("a Google client secret", "gocspx-", r"\bGOCSPX-[A-Za-z0-9_-]{28}"),
    _own("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
    _own("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _own(
        "a Discord webhook",
        "discord",
        r"https://(?:[a-z]+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{10,}/[A-Za-z0-9_-]{40,}",
    ),
    _own("a Slack token", "xapp-", r"\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{16,}"),
    _own("a Slack token", "xox", r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{16,}"),
    _own("a Stripe key", "k_live_ k_test_", r"\b[rs]k_(?:live|test)_\w{24,}"),
    _own("a Stripe webhook secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{24,}"),
    _own("a private key", "private key", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
    _own("an age key", "age-secret-key-", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}"),
    _own("an Azure key", "accesskey=", r"SharedAccessKey=([A-Za-z0-9+/=]{40,})"),
    _own("an Azure signature", "sig=", r"[?&]sig=([A-Za-z0-9%+/=_-]{40,})"),
    _own("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{34}\b"),
    _own("a DigitalOcean token", "_v1_", r"\bdo[opr]_v1_[a-f0-9]{64}"),
    _own("a Databricks token", "dapi", r"\bdapi[a-f0-9]{32}\b"),
    _own("a Vault token", "hvs. hvb.", r"\bhv[sb]\.[A-Za-z0-9_-]{24,}"),
    _own("a Docker token", "dckr_", r"\bdckr_[po]at_[A-Za-z0-9_-]{27}"),
    _own("a Linear key", "lin_api_", r"\blin_api_[A-Za-z0-9]{40}"),
)

# Every plugin that knows a shape; not those that guess from words, from randomness alone, or that
# find addresses. `assigned` in `secret_words` does the guessing.
_KEY_VALUE = r"""(?i:key|pwd?|pass(?:word)?|token)['"]?\]?[ :=>]*['"]?[A-Za-z0-9_-]{24}"""
_KEY_WORDS = "key pwd pw pass token"
_ASKED = (
    _ask("aws:AWSKeyDetector", "an AWS key", "", r"A3T[A-Z0-9]{17}|(?:ABIA|ACCA|AKIA|ASIA)\w{16}"),
    _ask("aws:AWSKeyDetector", "an AWS secret key", "aws", r"""(?i:aws).*['"][0-9a-zA-Z/+]{40}"""),
    _ask(
        "azure_storage_key:AzureStorageKeyDetector",
        "an Azure storage key",
        "accountkey=",
        r"AccountKey=[a-zA-Z0-9+/=]{88}",
    ),
    _doubt(
        "basic_auth:BasicAuthDetector",
        "a password in a URL",
        "://",
        r"://[^\s/:@]+:[^\s/:@]+@",
    ),
    _doubt("cloudant:CloudantDetector", "a Cloudant key", _KEY_WORDS, _KEY_VALUE),
    _doubt(
        "cloudant:CloudantDetector",
        "a Cloudant key",
        "cloudant.com",
        r"(?i:cloudant\.com)",
    ),
    _doubt(
        "discord:DiscordBotTokenDetector",
        "a Discord token",
        "",
        r"[MNO][a-zA-Z\d_-]{23,25}\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}",
    ),
    _ask("github_token:GitHubTokenDetector", "a GitHub token", "gh", r"gh[pousr]_[A-Za-z0-9_]{36}"),
    _ask(
        "gitlab_token:GitLabTokenDetector",
        "a GitLab token",
        "gl gr1348941",
        r"gl[a-z]{2,5}-[A-Za-z0-9_-]{20}|GR1348941",
    ),
    _doubt("ibm_cloud_iam:IbmCloudIamDetector", "an IBM key", _KEY_WORDS, _KEY_VALUE),
    _doubt("ibm_cos_hmac:IbmCosHmacDetector", "an IBM key", _KEY_WORDS, _KEY_VALUE),
    _ask("jwt:JwtTokenDetector", "a JSON web token", "eyj", r"eyJ[A-Za-z0-9_=-]+\."),
    _doubt("mailchimp:MailchimpDetector", "a Mailchimp key", "-us", r"[0-9a-z]{32}-us\d"),
    _ask("npm:NpmDetector", "an npm token", "_authtoken=", r"//.+/:_authToken="),
    _ask("openai:OpenAIDetector", "an OpenAI key", "t3blbkfj", r"sk-.*T3BlbkFJ"),
    _ask(
        "private_key:PrivateKeyDetector",
        "a private key",
        "private putty",
        r"BEGIN .*PRIVATE KEY|PuTTY-User-Key-File",
    ),
    _ask("pypi_token:PypiTokenDetector", "a PyPI token", "pypi-age", r"pypi-AgE"),
    _ask("sendgrid:SendGridDetector", "a SendGrid key", "sg.", r"SG\.[\w-]{22}\.[\w-]{43}"),
    _ask("slack:SlackDetector", "a Slack token", "xox", r"(?i:xox[abposr]-\d)"),
    _ask("slack:SlackDetector", "a Slack webhook", "slack.com", r"(?i:hooks\.slack\.com/services)"),
    _doubt("softlayer:SoftlayerDetector", "a SoftLayer key", _KEY_WORDS, _KEY_VALUE),
    _ask("softlayer:SoftlayerDetector", "a SoftLayer key", "softlayer", r"(?i:softlayer.com/soap)"),
    _ask("square_oauth:SquareOAuthDetector", "a Square secret", "sq0csp-", r"sq0csp-"),
    _ask("stripe:StripeDetector", "a Stripe key", "k_live_", r"[rs]k_live_[0-9a-zA-Z]{24}"),
    _doubt(
        "telegram_token:TelegramBotTokenDetector",
        "a Telegram token",
        "",
        r"\d{8,10}:[0-9A-Za-z_-]{35}",
    ),
    _doubt("twilio:TwilioKeyDetector", "a Twilio key", "", r"(?:AC|SK)[a-z0-9]{32}"),
    _doubt(
        "artifactory:ArtifactoryDetector",
        "an Artifactory credential",
        "",
        r"A(?:KC[a-zA-Z0-9]{2}|P[0-9A-F])[a-zA-Z0-9]{8}",
    ),
)

SHAPES = _OWN + _ASKED
