"""The supervisor's end of one patient process: grants, needle acts, loss of power, restart."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from thecal.adapters.bench_state import PatientState
from thecal.run.child import Child, ChildPlan
from thecal.run.data_folder import StartRefused

SILENT_AFTER_S = 5.0
READY_WITHIN_S = 30.0
STOP_WITHIN_S = 2.0
RESTART_PAUSE_S = 0.2
LONGEST_RESTART_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class PatientLabel:
    """What is said about a patient before the process is asked."""

    patient: str
    name: str
    model: str
    kind: str


class PatientHost:
    """Keeps one patient process running and speaks with it. ``on`` is False while it is silent or gone."""

    def __init__(self, label: PatientLabel, plan: ChildPlan) -> None:
        self.label = label
        self.on = False
        self.at_ms = 0
        self.strokes = 0
        self._plan = plan
        self._child: Child | None = None
        self._udp_port: int | None = None
        self._heard = asyncio.Event()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._asked = 0
        self._keeping: asyncio.Task[None] | None = None
        self._first_start: asyncio.Future[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Start the process and wait until it is ready. Raises StartRefused with the reason it gave."""
        self._first_start = asyncio.get_running_loop().create_future()
        self._keeping = asyncio.create_task(self._keep_running(), name=f"patient {self.label.patient}")
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self._first_start
        except TimeoutError:
            raise StartRefused(f"{self.label.name} is not ready after {READY_WITHIN_S:.0f} s") from None

    async def advance(self, to_ms: int) -> None:
        """Grant time up to ``to_ms`` and wait until it is reached, or the process is silent for 5 s, or gone."""
        if self._child is None or self._stopping:
            return
        child = self._child
        child.tell({"advance": to_ms})
        while self.at_ms < to_ms and self._child is child:
            self._heard.clear()
            try:
                async with asyncio.timeout(SILENT_AFTER_S if self.on else 0.0):
                    await self._heard.wait()
            except TimeoutError:
                self.on = False  # the others go on; this one is on again when it has caught up
                return

    async def needle(self, act: Mapping[str, object]) -> dict[str, Any]:
        """Carry out a needle act: ``{"found": ...}`` or ``{"refused": reason}``."""
        if self._child is None or not self.on:
            return {"refused": f"{self.label.name} is not answering"}
        self._asked += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[self._asked] = answer
        self._child.tell({"needle": self._asked, "act": act})
        try:
            async with asyncio.timeout(SILENT_AFTER_S):
                return await answer
        except TimeoutError:
            return {"refused": f"{self.label.name} is not answering"}
        finally:
            self._answers.pop(self._asked, None)

    def cut_power(self) -> None:
        """SIGKILL, now. It is started again by itself."""
        if self._child is not None:
            self._child.kill()

    async def stop(self) -> None:
        """Let it write what it holds and leave; kill it if it does not."""
        self._stopping = True
        if self._child is not None:
            await self._child.stop(STOP_WITHIN_S)
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping

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

    async def _keep_running(self) -> None:
        assert self._first_start is not None
        pause_s = RESTART_PAUSE_S
        while not self._stopping:
            self._child = await Child.spawn(self._plan)
            was_ready, reason = await self._listen(self._child)
            self._gone()
            if not self._first_start.done():
                self._first_start.set_exception(StartRefused(f"{self.label.name}: {reason}"))
                return
            pause_s = RESTART_PAUSE_S if was_ready else min(2 * pause_s, LONGEST_RESTART_PAUSE_S)
            await asyncio.sleep(pause_s)

    async def _listen(self, child: Child) -> tuple[bool, str]:
        """Hear the process out: was it ever ready, and what it said went wrong."""
        ready, reason = False, ""
        async for message in child.messages():
            if "failed" in message:
                reason = str(message["failed"])
            elif "needle" in message:
                answer = self._answers.get(message["needle"])
                if answer is not None and not answer.done():
                    answer.set_result({key: message[key] for key in ("found", "refused") if key in message})
            else:
                ready = True
                self._progressed(message)
        status = await child.ended()
        return ready, reason or f"the process ended (status {status}): {child.last_words()}"

    def _progressed(self, message: Mapping[str, Any]) -> None:
        self.at_ms, self._udp_port, self.strokes = message["at"], message["udp_port"], message["strokes"]
        self.on = True
        self._heard.set()
        if self._first_start is not None and not self._first_start.done():
            self._first_start.set_result(None)

    def _gone(self) -> None:
        self._child, self.on, self._udp_port = None, False, None
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result({"refused": f"{self.label.name} lost power"})
        self._heard.set()
