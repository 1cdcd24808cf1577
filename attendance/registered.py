"""What this room offers by name, to SOP files, the outbox and the inbox: all in one list."""

# ruff: noqa: F401  each registers itself

from attendance import jobs
from attendance.evidence import waiting as waits_for_the_province
from attendance.letters import (
    deadlines,
    facts,
    operations,
    panel,
    performers,
    waiting,
)
from attendance.letters import guards as letter_guards
from attendance.letters import jobs as letter_jobs
from attendance.recaps import archived, contexts, guards, open_days, panels
from attendance.recaps import operations as recap_operations
from attendance.recaps import waiting as waits_for_offices
from attendance.services import periodic
