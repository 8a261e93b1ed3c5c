"""The first page: what Thecal is, before anybody signs in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """What the system is, the kinds of system there are, and that it does not replace a doctor."""
    return render(request, "clinic/start.html")
