"""The patient programmer without a screen: request, answer, status in words."""

from thecal.handheld.alarms import AlarmNotice
from thecal.handheld.constant_flow import ConstantFlowView, constant_flow_view
from thecal.handheld.contact import Contact
from thecal.handheld.request import Answer, DoseAnswer, NotReached, answer_of, ask, look, settle_request
from thecal.handheld.view import Countdown, PatientView, RunningDose, patient_view

__all__ = [
    "AlarmNotice",
    "Answer",
    "ConstantFlowView",
    "Contact",
    "Countdown",
    "DoseAnswer",
    "NotReached",
    "PatientView",
    "RunningDose",
    "answer_of",
    "ask",
    "constant_flow_view",
    "look",
    "patient_view",
    "settle_request",
]
