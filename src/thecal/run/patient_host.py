"""The supervisor's end of one patient process: grants, needle acts, loss of power."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from thecal.adapters.bench_state import PatientState
from thecal.run.child import Child, ChildPlan
from thecal.run.kept_process import KeptProcess
from thecal.run.patient_label import PatientLabel

SILENT_AFTER_S = 5.0


class PatientHost:
    """Keeps one patient process running and speaks with it. ``on`` is False while it is silent or gone.

    ``now_ms`` is bench time: when the process was gone and comes back, that is when its power is back.
    """

    def __init__(self, label: PatientLabel, plan: ChildPlan, now_ms: Callable[[], int]) -> None:
        self.label = label
        self.on = False
        self.at_ms = 0
        self.strokes = 0
        self._now_ms = now_ms
        self._kept = KeptProcess(plan, self._listen, self._powerless)
        self._udp_port: int | None = None
        self._heard = asyncio.Event()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._powered = False
        self._was_ready = False
        self._given_up = False

    async def start(self) -> None:
        """Start the process and wait until it is ready. Raises StartRefused with the reason it gave."""
        await self._kept.start()

    async def stop(self) -> None:
        """Let it write what it holds and leave; kill it if it does not."""
        await self._kept.stop()

    async def advance(self, to_ms: int) -> None:
        """Grant time up to ``to_ms`` and wait until it is reached, or nothing was heard for 5 s.

        A process that was killed is waited for as well: it is started again within that time, so that bench
        time does not run away from a pump that only lost power for a moment.
        """
        told: Child | None = None
        while not self._given_up and not (self._powered and self.at_ms >= to_ms):
            child = self._kept.child
            if child is not None and self._powered and child is not told:
                child.tell({"advance": to_ms})
                told = child
            self._heard.clear()
            try:
                async with asyncio.timeout(SILENT_AFTER_S):
                    await self._heard.wait()
            except TimeoutError:
                self.on, self._given_up = False, True
        if self._given_up and self._powered and self._kept.child is not None:
            self._kept.child.tell({"advance": to_ms})  # nobody waits; it is on again as soon as it says anything

    async def needle(self, act: Mapping[str, object]) -> dict[str, Any]:
        """Carry out a needle act: ``{"found": ...}`` or ``{"refused": reason}``."""
        child = self._kept.child
        if child is None or not self.on:
            return {"refused": f"{self.label.name} is not answering"}
        self._asked += 1
        number = self._asked
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        child.tell({"needle": number, "act": act})
        try:
            async with asyncio.timeout(SILENT_AFTER_S):
                return await answer
        except TimeoutError:
            return {"refused": f"{self.label.name} is not answering"}
        finally:
            del self._answers[number]

    def cut_power(self) -> None:
        """SIGKILL, now. It is started again by itself."""
        if self._kept.child is not None:
            self._kept.child.kill()
            self._powerless()

    def state(self) -> PatientState:
        """What the sites may know."""
        return PatientState(
            patient=self.label.patient,
            name=self.label.name,
            model=self.label.model,
            kind=self.label.kind,
            on=self.on,
            udp_port=self._udp_port if self.on else None,
            at_utc_ms=self.at_ms,
            strokes=self.strokes,
        )

    def _listen(self, message: dict[str, Any]) -> bool:
        if "stands_at" in message:
            if self._kept.child is not None:
                back = "power_back" if self._was_ready else "begin"
                self._kept.child.tell({back: max(message["stands_at"], self._now_ms())})
                self._powered = True
                self._heard.set()
            return False
        if not self._powered:
            return False  # said before its power was cut, and only read now
        if "needle" in message:
            answer = self._answers.get(message["needle"])
            if answer is not None and not answer.done():
                answer.set_result({key: message[key] for key in ("found", "refused") if key in message})
            return True
        self.at_ms, self._udp_port, self.strokes = message["at"], message["udp_port"], message["strokes"]
        self.on, self._was_ready, self._given_up = True, True, False
        self._heard.set()
        return True

    def _powerless(self) -> None:
        self.on, self._powered, self._udp_port = False, False, None
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result({"refused": f"{self.label.name} lost power"})
        self._heard.set()
