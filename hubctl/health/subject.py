"""What the checks look at: a hub, its drift report made once, and this machine's folders."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from hubctl.errors import CanonicalError, HubctlError, UsageError
from hubctl.fleet.world import Request, World
from hubctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubctl.fleet.rechecking import Checked
    from hubctl.model.report import Report
    from hubctl.system.places import Places


class Subject:
    """One hub on this machine.

    `why_not` is the reason where there is no usable hub; then checks that need one are skipped.
    `names` are the targets to look at, all where it is empty.
    """

    def __init__(
        self, open_hub: Callable[[], World], places: Places, names: tuple[str, ...] = ()
    ) -> None:
        self.names = names
        self.places = places
        self.why_not = ""
        self.broken: tuple[Finding, ...] = ()
        self.world = self._open(open_hub)

    def _open(self, open_hub: Callable[[], World]) -> World | None:
        try:
            world = open_hub()
            _ = world.compiler.head
        except CanonicalError as error:
            self.why_not, self.broken = error.message, error.findings
        except HubctlError as error:
            self.why_not = "there is none that can be used"
            self.broken = (
                Finding(
                    rule="health/no-hub",
                    severity=Severity.ERROR,
                    message=error.message,
                    hint=error.hint,
                ),
            )
        else:
            return world
        return None

    @cached_property
    def drift(self) -> Report:
        """The report of `hubctl drift`, made once for all checks.

        Only where there is a hub.
        """
        from hubctl.fleet.open_journals import open_journal_findings
        from hubctl.output.verdict import report

        world = self.hub()
        checked = self._checked
        return report(
            "drift", checked.plan, extra=(*open_journal_findings(world), *checked.findings)
        )

    @cached_property
    def _checked(self) -> Checked:
        return self.hub().recheck(Request(names=self.names))

    def hub(self) -> World:
        """The hub.

        Raises:
            UsageError: there is none that can be used.
        """
        if self.world is None:
            raise UsageError(self.why_not)
        return self.world
