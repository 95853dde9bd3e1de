"""hubctl: configuration as code for Claude Code, from one canonical.yaml."""

__version__ = "0.1.0"
