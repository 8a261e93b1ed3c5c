"""The physician programmer without a screen: interrogate, draft, review, update, verify; visits as values."""

from thecal.programmer.bridge import BridgeDraft, unfinished
from thecal.programmer.bridge_form import read_bridge
from thecal.programmer.bridge_review import bridge_text
from thecal.programmer.comparison import Compared
from thecal.programmer.confirmation import Acknowledged, Confirmation, SeparatelyConfirmed, missing
from thecal.programmer.documents import DocumentRefused, from_document, to_document
from thecal.programmer.draft import Draft, begin, fits, review
from thecal.programmer.form import (
    FormRefused,
    FormUnits,
    PrescriptionForm,
    StepForm,
    read_form,
    units,
    write_form,
)
from thecal.programmer.interrogation import Fact, Interrogated, LogLine, Unreadable, interrogate, interrogated
from thecal.programmer.refilling import (
    NotRecorded,
    confirmations_needed,
    record_refill,
    review_refill,
    settle_refill,
)
from thecal.programmer.session_report import Act, Result, SessionReport
from thecal.programmer.settling import Settlement, settle
from thecal.programmer.silence import silence
from thecal.programmer.soft_limits import acknowledgements_needed, soft_limit_words
from thecal.programmer.stop import settle_stop, stop
from thecal.programmer.update import NotStaged, StagedUpdate, confirm, settle_update, stage, verify
from thecal.programmer.words import log_words, refusal_words
from thecal.therapy.refill import Refill, RefillReview

__all__ = [
    "Acknowledged",
    "Act",
    "BridgeDraft",
    "Compared",
    "Confirmation",
    "DocumentRefused",
    "Draft",
    "Fact",
    "FormRefused",
    "FormUnits",
    "Interrogated",
    "LogLine",
    "NotRecorded",
    "NotStaged",
    "PrescriptionForm",
    "Refill",
    "RefillReview",
    "Result",
    "SeparatelyConfirmed",
    "SessionReport",
    "Settlement",
    "StagedUpdate",
    "StepForm",
    "Unreadable",
    "acknowledgements_needed",
    "begin",
    "bridge_text",
    "confirm",
    "confirmations_needed",
    "fits",
    "from_document",
    "interrogate",
    "interrogated",
    "log_words",
    "missing",
    "read_bridge",
    "read_form",
    "record_refill",
    "refusal_words",
    "review",
    "review_refill",
    "settle",
    "settle_refill",
    "settle_stop",
    "settle_update",
    "silence",
    "soft_limit_words",
    "stage",
    "stop",
    "to_document",
    "unfinished",
    "units",
    "verify",
    "write_form",
]
