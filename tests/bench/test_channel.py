"""The bench's link: faults strike the exchange they are meant for, and an altered frame reaches nothing."""

import pytest

from thecal.bench.channel import Channel, Fault
from thecal.cli.link_protection import protected
from thecal.device import Role


def channel(role=Role.PHYSICIAN):
    heard = []

    def handler(who, request):
        heard.append((who, request))
        return b"reply to " + request

    return Channel(role, protected("a test"), handler), heard


@pytest.mark.parametrize("role", Role)
def test_the_pump_hears_the_role_of_the_keys(role):
    link, heard = channel(role)
    assert link.exchange(b"one") == b"reply to one"
    assert heard == [(role, b"one")]


@pytest.mark.parametrize(
    ("fault", "reaches"), [(Fault.REQUEST_LOST, False), (Fault.REQUEST_ALTERED, False), (Fault.ANSWER_LOST, True)]
)
def test_a_fault_strikes_the_exchange_it_is_meant_for_and_the_link_goes_on(fault, reaches):
    link, heard = channel()
    link.disturb(None, fault)
    assert link.exchange(b"one") == b"reply to one"
    assert link.exchange(b"two") is None
    assert link.exchange(b"three") == b"reply to three"
    assert [request for _, request in heard] == [b"one", *([b"two"] if reaches else []), b"three"]


def test_a_pump_that_gives_no_answer_gives_none():
    assert Channel(Role.PATIENT, protected("silent"), lambda _role, _request: None).exchange(b"one") is None
