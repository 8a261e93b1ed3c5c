"""What the control sockets tell: bench time, pace, leases and pumps, as values and as JSON fields."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

SPEEDS = (1, 10, 60, 600)  # bench time per wall time; longer ways are jumps
LEASE_LASTS_MS = 150_000  # of wall time: one programming conversation, whose confirmation window is 120 s


@dataclass(frozen=True, slots=True)
class Lease:
    """Somebody is at a pump: everybody runs at x1 until this closes or ``expires_in_ms`` of wall time pass."""

    lease_id: str
    name: str  # what is being done, "programming visit"
    owner: str  # who does it, as shown to others
    patient: str
    expires_in_ms: int

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """The lease that ``asdict`` wrote."""
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class JumpProgress:
    """A move of bench time under way."""

    from_utc_ms: int
    to_utc_ms: int


@dataclass(frozen=True, slots=True)
class PatientState:
    """One patient as the sites may know them. ``udp_port`` is None while the pump is off or has no radio."""

    patient: str
    name: str
    model: str
    kind: str  # "programmable" or "constant flow"
    on: bool
    udp_port: int | None
    at_utc_ms: int  # bench time this patient has reached
    strokes: int  # that truly left the pump since it was made; 0 for a constant-flow pump


@dataclass(frozen=True, slots=True)
class BenchState:
    """The bench as a whole, as last acknowledged by every pump that is on."""

    bench_utc_ms: int
    paused: bool
    speed: int  # in force now: 1 while a lease is held
    jump: JumpProgress | None
    leases: tuple[Lease, ...]
    patients: tuple[PatientState, ...]

    def fields(self) -> dict[str, Any]:
        """As JSON fields."""
        return asdict(self)

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """The state that ``fields`` wrote."""
        return cls(
            bench_utc_ms=fields["bench_utc_ms"],
            paused=fields["paused"],
            speed=fields["speed"],
            jump=None if fields["jump"] is None else JumpProgress(**fields["jump"]),
            leases=tuple(Lease.from_fields(lease) for lease in fields["leases"]),
            patients=tuple(PatientState(**patient) for patient in fields["patients"]),
        )

    def patient(self, patient: str) -> PatientState | None:
        """The patient of this id, or None."""
        return next((state for state in self.patients if state.patient == patient), None)
