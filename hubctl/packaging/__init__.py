"""L4: what a hub gives to repositories, as a Claude Code plugin for people without hubctl.

Owns what goes in, the manifests around it, and the folder that is written. Never applies anything.
"""
