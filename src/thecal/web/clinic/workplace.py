"""What this one process holds in memory for the people signed in to it, and the guard that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from thecal.adapters.link.credentials import ProgrammerKey
from thecal.web.clinic.opened_keys import OpenedKeys

OPENED_KEYS = OpenedKeys(idle_s=settings.SESSION_COOKIE_AGE)
POLL_HEADER = "X-Thecal-Poll"  # a page asking by itself: it does not keep a session alive


class KeysRequiredMiddleware(LoginRequiredMiddleware):  # type: ignore[misc]
    """Every page needs a sign-in, and the keys that the sign-in opened in this very process."""

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        """Let it pass, or go to the sign-in page."""
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not request.user.is_authenticated:
            return refused
        polls = POLL_HEADER in request.headers
        if OPENED_KEYS.get(request.session.session_key, touch=not polls) is None:
            if not getattr(view_func, "login_required", True):
                return None
            logout(request)
            query = urlencode({"restarted": "1", "next": request.get_full_path() if request.method == "GET" else ""})
            return HttpResponseRedirect(f"{reverse('sign-in')}?{query}")
        if not polls:
            request.session.modified = True  # the 30 minutes begin again
        return None


def keys_of(request: HttpRequest) -> Mapping[str, ProgrammerKey]:
    """The keys this session opened, by patient."""
    return OPENED_KEYS.get(request.session.session_key) or {}
