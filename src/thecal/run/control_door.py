"""The two doors of the supervisor: who may ask what. A door knows only its own questions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from thecal.adapters.bench_state import Lease
from thecal.run.bench_keeper import BenchKeeper
from thecal.run.child import LONGEST_LINE
from thecal.run.clock import ClockRefusal
from thecal.run.patient_host import PatientHost

Question = Mapping[str, Any]


class Refused(Exception):
    """A question that is answered with a refusal; the message is the reason, for a person."""


Answerer = Callable[[Question], Awaitable[object]]


class ControlDoor:
    """A listening local socket that answers one table of questions in JSON lines."""

    def __init__(self, server: asyncio.Server, path: Path) -> None:
        self._server = server
        self.path = path

    @classmethod
    async def open(cls, path: Path, answers: Mapping[str, Answerer]) -> Self:
        """Listen at ``path``, for this user only. Raises OSError."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while (line := await reader.readline()).endswith(b"\n"):
                    writer.write(json.dumps(await _answer(line, answers)).encode() + b"\n")
                    await writer.drain()
            except (ConnectionError, ValueError):  # gone, or a line beyond the limit
                pass
            finally:
                writer.close()

        server = await asyncio.start_unix_server(serve, path, limit=LONGEST_LINE)
        path.chmod(0o600)
        return cls(server, path)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
        self.path.unlink(missing_ok=True)


def lease_answers(keeper: BenchKeeper, hosts: Mapping[str, PatientHost]) -> dict[str, Answerer]:
    """What clinic and handsets may ask."""

    async def state(_: Question) -> object:
        return keeper.state().fields()

    async def take_lease(question: Question) -> object:
        name, owner, patient = (_text(question, field) for field in ("name", "owner", "patient"))
        _host(hosts, patient)
        taken = await keeper.take_lease(name, owner, patient)
        return asdict(_unless_refused(taken))

    async def release_lease(question: Question) -> object:
        keeper.change(keeper.clock.end_lease(_text(question, "lease_id")))
        return None

    return {"state": state, "take_lease": take_lease, "release_lease": release_lease}


def room_answers(keeper: BenchKeeper, hosts: Mapping[str, PatientHost]) -> dict[str, Answerer]:
    """What the patient's room may ask: everything of the lease door, time, needles and power."""

    async def jump(question: Question) -> object:
        _done(keeper.change(keeper.clock.start_jump(_whole(question, "by_ms"))))
        return None

    async def cancel_jump(_: Question) -> object:
        keeper.change(keeper.clock.cancel_jump())
        await keeper.settle()
        return None

    async def pause(_: Question) -> object:
        _done(keeper.change(keeper.clock.set_paused(True)))
        keeper.write()  # what must outlast the process is written at once
        return None

    async def resume(_: Question) -> object:
        _done(keeper.change(keeper.clock.set_paused(False)))
        keeper.write()
        return None

    async def set_speed(question: Question) -> object:
        _done(keeper.change(keeper.clock.set_speed(_whole(question, "factor"))))
        keeper.write()
        return None

    async def overrule_lease(question: Question) -> object:
        keeper.change(keeper.clock.end_lease(_text(question, "lease_id")))
        return None

    async def cut_power(question: Question) -> object:
        _host(hosts, _text(question, "patient")).cut_power()
        return None

    async def needle(question: Question) -> object:
        act = question.get("act")
        if not isinstance(act, dict):
            raise Refused("a needle act is missing")
        answer = await _host(hosts, _text(question, "patient")).needle(act)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["found"]

    return lease_answers(keeper, hosts) | {
        "jump": jump,
        "cancel_jump": cancel_jump,
        "pause": pause,
        "resume": resume,
        "set_speed": set_speed,
        "overrule_lease": overrule_lease,
        "cut_power": cut_power,
        "needle": needle,
    }


async def _answer(line: bytes, answers: Mapping[str, Answerer]) -> dict[str, object]:
    try:
        question = json.loads(line)
    except ValueError:
        return {"refused": "that is not a question in JSON"}
    asked = question.get("ask") if isinstance(question, dict) else None
    answerer = answers.get(asked) if isinstance(asked, str) else None
    if answerer is None:
        return {"refused": f"this door does not answer {asked!r}"}
    try:
        return {"answer": await answerer(question)}
    except Refused as refused:
        return {"refused": str(refused)}


def _unless_refused(taken: Lease | ClockRefusal) -> Lease:
    if isinstance(taken, ClockRefusal):
        raise Refused(taken.value)
    return taken


def _done(refusal: ClockRefusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal.value)


def _host(hosts: Mapping[str, PatientHost], patient: str) -> PatientHost:
    host = hosts.get(patient)
    if host is None:
        raise Refused(f"there is no patient {patient!r}")
    return host


def _text(question: Question, field: str) -> str:
    value = question.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= 120:
        raise Refused(f"{field} must be a text of 1 to 120 characters")
    return value


def _whole(question: Question, field: str) -> int:
    value = question.get(field)
    if type(value) is not int:
        raise Refused(f"{field} must be a whole number")
    return value
