"""The checked canonical.yaml of a hub: loaded, validated, its meaning checked, or refused whole."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hubctl.errors import CanonicalError, UsageError
from hubctl.fleet.head import Head, hub_wide
from hubctl.fleet.hub import hub_name
from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from hubctl.config.load import Canonical
    from hubctl.fleet.hub import HubFiles
    from hubctl.system.places import Places
    from hubctl.system.sources import Sources
