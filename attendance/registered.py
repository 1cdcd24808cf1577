"""What this room offers by name, to SOP files, the outbox and the inbox: all in one list."""

# ruff: noqa: F401  each registers itself

from attendance import jobs
from attendance.offered import (
    deadlines,
    evidence_waiting,
    letter_facts,
    letter_guards,
    letter_operations,
    letter_panel,
    letter_performers,
    letters_archived,
    letters_waiting,
    notice_contexts,
    open_days_panel,
    period_contexts,
    recap_contexts,
    recap_guards,
    recap_operations,
    recap_panels,
    recaps_waiting,
    report_contexts_corrections,
    report_contexts_evaluation,
    report_contexts_month,
    report_contexts_outages,
    report_contexts_people,
    report_contexts_periods,
)
