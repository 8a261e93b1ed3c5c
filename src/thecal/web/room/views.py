"""The patient's room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def patients(request: HttpRequest) -> HttpResponse:
    """Who can be visited."""
    return render(request, "design/error.html", {"title": "Room"})
