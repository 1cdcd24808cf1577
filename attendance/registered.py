"""What this room offers by name, to SOP files, the outbox and the inbox: all in one list."""

# ruff: noqa: F401  each registers itself

from attendance import jobs
from attendance.letters import jobs as letter_jobs
from attendance.offered import deadlines, letter_guards, recap_operations
from attendance.offered import evidence_waiting as waits_for_the_province
from attendance.offered import letter_facts as facts
from attendance.offered import letter_operations as operations
from attendance.offered import letter_panel as panel
from attendance.offered import letter_performers as performers
from attendance.offered import letters_archived as archived
from attendance.offered import letters_waiting as waiting
from attendance.offered import open_days_panel as open_days
from attendance.offered import recap_contexts as contexts
from attendance.offered import recap_guards as guards
from attendance.offered import recap_panels as panels
from attendance.offered import recaps_waiting as waits_for_offices
from attendance.services import periodic
