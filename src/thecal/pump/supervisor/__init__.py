"""The independent supervisor: lets strokes through to the motor, or trips.

It sees requested strokes, the motor's confirmations, its own tick and the limits a commit has sealed; it has its own
arithmetic, no link and no knowledge of programs or of the controller. Pure: each function returns the next ``Guard``.
A step of the pump is ``confirmed`` (the motor's report on the strokes let through so far; 0 and 0 where it reports
none), ``examine`` (the strokes up to now), then ``heartbeat``. A commit or the start of a waiting program is ``seal``
at its own tick, after the strokes up to it were examined and before any later one is.
"""

from thecal.pump.supervisor.guard import Guard, Passed, Tripped, TripReason, new_guard, trip
from thecal.pump.supervisor.limits import Declared, Limits
from thecal.pump.supervisor.seal import SealRefused, seal
from thecal.pump.supervisor.single import examine_one
from thecal.pump.supervisor.step import examine
from thecal.pump.supervisor.watch import confirmed, died, heartbeat, without_heartbeat

__all__ = [
    "Declared",
    "Guard",
    "Limits",
    "Passed",
    "SealRefused",
    "TripReason",
    "Tripped",
    "confirmed",
    "died",
    "examine",
    "examine_one",
    "heartbeat",
    "new_guard",
    "seal",
    "trip",
    "without_heartbeat",
]
