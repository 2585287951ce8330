"""What one run over one folder did, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class SyncReport:
    """Counts of messages; `seconds` is wall-clock time.

    `seen` messages are each either linked, ignored, quarantined or `known` (there already, from an earlier
    run whose folder the server has numbered anew since). `leads` counts new leads.
    """

    mailbox: str
    folder: str
    seen: int = 0
    linked: int = 0
    leads: int = 0
    known: int = 0
    ignored: Counter = field(default_factory=Counter)
    quarantined: Counter = field(default_factory=Counter)
    commands: int = 0
    seconds: float = 0.0

    def __iadd__(self, other: SyncReport) -> SyncReport:
        for name in ("seen", "linked", "leads", "known", "commands", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ignored.update(other.ignored)
        self.quarantined.update(other.quarantined)
        return self
