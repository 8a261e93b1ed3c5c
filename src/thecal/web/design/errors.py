"""Error pages: one sentence of what happened, one of what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404."""
    return _page(request, 404, "There is no such page", "The address may be mistyped, or the patient is not enrolled.")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403 by the forgery guard: the form was not sent from one of our own pages, or is too old."""
    return _page(
        request, 403, "The form could not be accepted", "Nothing was sent to a pump. Open the page again and repeat it."
    )


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """403."""
    return _page(request, 403, "That is not allowed", "Nothing was sent to a pump. Sign in with the rights it needs.")


def broken(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours, said plainly."""
    return _page(
        request,
        500,
        "Thecal met a defect of its own",
        "What a pump was doing, it goes on doing. Interrogate it before anything else.",
    )


def _page(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "design/error.html", {"title": title, "advice": advice}, status=status)
