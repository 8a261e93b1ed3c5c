"""Signing in opens the keys of this workstation; signing out drops them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from thecal.web.clinic.opened_keys import KeysUnreadable, open_keys
from thecal.web.clinic.workplace import OPENED_KEYS

WRONG = "User name and password do not belong together."


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; on success open the keys into memory."""
    onward = request.POST.get("next", request.GET.get("next", ""))
    context = {"next": onward, "restarted": "restarted" in request.GET, "username": "", "error": ""}
    if request.method == "GET":
        return render(request, "clinic/sign_in.html", context)
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    user = authenticate(request, username=username, password=password)
    if user is None:
        return render(request, "clinic/sign_in.html", context | {"username": username, "error": WRONG}, status=422)
    try:
        keys = open_keys(settings.SURROUNDINGS.data / "clinic", password)
    except KeysUnreadable as unreadable:
        error = f"Signed in as {username}, but {unreadable}."
        return render(request, "clinic/sign_in.html", context | {"username": username, "error": error}, status=422)
    login(request, user)
    OPENED_KEYS.put(str(request.session.session_key), keys)
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return redirect(onward if safe else settings.LOGIN_REDIRECT_URL)


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Drop the keys and the session."""
    OPENED_KEYS.drop(request.session.session_key)
    logout(request)
    return redirect("start")
