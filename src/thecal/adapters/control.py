"""What the sites may ask of the bench clock's keeper: JSON lines over a local socket, sync and async.

There are two doors. ``BenchControl`` speaks to the lease door (clinic and handsets): what time it is, which
pumps there are, take or release a lease. ``RoomControl`` speaks to the room door, which also moves time, moves
needles and cuts power. A door answers only its own requests, whatever is sent to it.

All times are whole milliseconds. Raises ControlRefused with the reason, one sentence, when a request is
refused, and ControlUnavailable when nobody answers.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import Any

from thecal.adapters.bench_state import BenchState, Lease

_ANSWER_WITHIN_S = 10.0
_LONGEST_LINE = 1 << 20


class ControlRefused(Exception):
    """The keeper of the bench clock said no; the message is the reason, for a person."""


class ControlUnavailable(Exception):
    """Nobody answered at the control socket; the message is one line for a person."""


class BenchControl:
    """The lease door: bench time, pumps, leases. Each method opens one connection and closes it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def state(self) -> BenchState:
        """Bench time as last acknowledged, pace, leases and pumps."""
        return BenchState.from_fields(self._ask("state"))

    def take_lease(self, name: str, owner: str, patient: str) -> Lease:
        """Run everybody at x1 for a visit or a request. Taking one's own again returns the same lease."""
        return Lease.from_fields(self._ask("take_lease", name=name, owner=owner, patient=patient))

    def release_lease(self, lease_id: str) -> None:
        """Close the lease; closing one that is over already is no error."""
        self._ask("release_lease", lease_id=lease_id)

    async def state_async(self) -> BenchState:
        """As ``state``, for coroutines."""
        return BenchState.from_fields(await self._ask_async("state"))

    async def take_lease_async(self, name: str, owner: str, patient: str) -> Lease:
        """As ``take_lease``, for coroutines."""
        return Lease.from_fields(await self._ask_async("take_lease", name=name, owner=owner, patient=patient))

    async def release_lease_async(self, lease_id: str) -> None:
        """As ``release_lease``, for coroutines."""
        await self._ask_async("release_lease", lease_id=lease_id)

    def _ask(self, what: str, **fields: object) -> Any:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
                door.settimeout(_ANSWER_WITHIN_S)
                door.connect(self._path)
                door.sendall(_question(what, fields))
                with door.makefile("rb") as lines:
                    return _answer(lines.readline(_LONGEST_LINE))
        except OSError as error:
            raise _nobody(error) from None

    async def _ask_async(self, what: str, **fields: object) -> Any:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                reader, writer = await asyncio.open_unix_connection(self._path, limit=_LONGEST_LINE)
                try:
                    writer.write(_question(what, fields))
                    return _answer(await reader.readline())
                finally:
                    writer.close()
        except OSError as error:
            raise _nobody(error) from None


class RoomControl(BenchControl):
    """The room door: everything at the lease door, and the hooks of the patient's room."""

    def jump(self, by_ms: int) -> None:
        """Start moving everybody ``by_ms`` ahead; progress is in ``state().jump``."""
        self._ask("jump", by_ms=by_ms)

    def cancel_jump(self) -> None:
        """Stop a jump where it has got to."""
        self._ask("cancel_jump")

    def pause(self) -> None:
        """Pause the simulation (this does not stop any infusion)."""
        self._ask("pause")

    def resume(self) -> None:
        """Let bench time run on."""
        self._ask("resume")

    def set_speed(self, factor: int) -> None:
        """Bench time per wall time, one of ``bench_state.SPEEDS``."""
        self._ask("set_speed", factor=factor)

    def overrule_lease(self, lease_id: str) -> None:
        """End somebody else's lease."""
        self._ask("overrule_lease", lease_id=lease_id)

    def cut_power(self, patient: str) -> None:
        """Kill the patient's process outright, as a loss of power; it comes back by itself."""
        self._ask("cut_power", patient=patient)

    def needle(self, patient: str, act: Mapping[str, object]) -> dict[str, Any]:
        """Carry out what a needle does in this patient's reservoir; the pump is told nothing.

        ``{"act": "withdraw", "volume_nl": n}`` or ``{"act": "fill", "volume_nl": n, "fluid": text}``, the fluid as in
        the truth record (``morphine=10000000`` in ng/mL, ``-`` for saline). Returns ``{"volume_nl": what moved}``.
        """
        answer: dict[str, Any] = self._ask("needle", patient=patient, act=dict(act))
        return answer

    async def needle_async(self, patient: str, act: Mapping[str, object]) -> dict[str, Any]:
        """As ``needle``, for coroutines."""
        answer: dict[str, Any] = await self._ask_async("needle", patient=patient, act=dict(act))
        return answer


def _question(what: str, fields: Mapping[str, object]) -> bytes:
    return json.dumps({"ask": what, **fields}).encode() + b"\n"


def _answer(line: bytes) -> Any:
    if not line.endswith(b"\n"):
        raise ControlUnavailable("the simulation stopped before it answered")
    answer = json.loads(line)
    if "refused" in answer:
        raise ControlRefused(answer["refused"])
    return answer["answer"]


def _nobody(error: OSError) -> ControlUnavailable:
    reason = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or "not there"
    return ControlUnavailable(f"the simulation is not running ({reason})")
