"""Where the other two sites are, seen from the host the visitor used."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def addresses(request: HttpRequest) -> dict[str, str]:
    """Template context: the address of each site on this host."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    places = settings.SURROUNDINGS
    return {
        "clinic_address": f"{request.scheme}://{host}:{places.clinic_port}/",
        "patient_address": f"{request.scheme}://{host}:{places.patient_port}/",
        "room_address": f"{request.scheme}://{host}:{places.room_port}/",
    }
