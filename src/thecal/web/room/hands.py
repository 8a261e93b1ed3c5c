"""What hands do in the room: move time, cut the power, use a needle, overrule a lease. All of it on the bench only."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from thecal.adapters.bench_state import SPEEDS
from thecal.adapters.control import ControlRefused, ControlUnavailable, RoomControl
from thecal.adapters.truth_file import fluid_text
from thecal.catalogue.drugs import drug
from thecal.catalogue.sourced import CatalogueError
from thecal.column import Fluid
from thecal.quantities import Concentration, Volume
from thecal.therapy import EntryRefused, Field
from thecal.therapy.showing import amount_text
from thecal.web.room.views import JUMPS, control


@require_POST
def time(request: HttpRequest, patient: str) -> HttpResponse:
    """Advance, cancel, pause, resume, or another pace."""
    wanted = request.POST.get("do", "")
    lengths = {str(length): length for _, length in JUMPS}
    speeds = {f"speed-{speed}": speed for speed in SPEEDS}

    def act(door: RoomControl) -> str:
        if wanted in lengths:
            door.jump(lengths[wanted])
        elif wanted in speeds:
            door.set_speed(speeds[wanted])
        elif wanted == "cancel":
            door.cancel_jump()
        elif wanted == "pause":
            door.pause()
        elif wanted == "resume":
            door.resume()
        else:
            return "That cannot be done here."
        return ""

    return _done(request, patient, act)


@require_POST
def power(request: HttpRequest, patient: str) -> HttpResponse:
    """Cut the pump's power: its process is killed at once and comes back by itself."""

    def act(door: RoomControl) -> str:
        door.cut_power(patient)
        return ""

    return _done(request, patient, act)


@require_POST
def overrule(request: HttpRequest, patient: str) -> HttpResponse:
    """End somebody's lease."""

    def act(door: RoomControl) -> str:
        door.overrule_lease(request.POST.get("lease", ""))
        return ""

    return _done(request, patient, act)


@require_POST
def needle(request: HttpRequest, patient: str) -> HttpResponse:
    """What a needle truly does to the reservoir. Nobody is told: that is another act, at the clinic."""

    def act(door: RoomControl) -> str:
        try:
            volume = Field("volume", Volume, "mL").read(request.POST.get("volume", "").strip())
            found = door.needle(patient, _needle_act(request, volume))
        except (EntryRefused, CatalogueError) as refused:
            return str(refused)
        moved = amount_text(Volume(found["volume_nl"]), "mL")
        verb = "drew" if request.POST.get("act") == "withdraw" else "filled in"
        return f"The needle {verb} {moved}. The pump does not know: tell it at the clinic."

    return _done(request, patient, act)


def _needle_act(request: HttpRequest, volume: Volume) -> dict[str, object]:
    if request.POST.get("act") == "withdraw":
        return {"act": "withdraw", "volume_nl": volume.count}
    key = request.POST.get("drug", "")
    concentration = Field("concentration", Concentration, f"{drug(key).dose_unit}/mL").read(
        request.POST.get("concentration", "").strip()
    )
    return {"act": "fill", "volume_nl": volume.count, "fluid": fluid_text(Fluid.of([(key, concentration.count)]))}


def _done(request: HttpRequest, patient: str, act: Callable[[RoomControl], str]) -> HttpResponse:
    try:
        said = act(control())
    except (ControlRefused, ControlUnavailable) as reason:
        said = f"{reason}."
    query = {"span": request.POST.get("span", "")}
    if said:
        query["problem"] = said[:1].upper() + said[1:]
    return redirect(f"{reverse('room', args=[patient])}?{urlencode(query)}")
