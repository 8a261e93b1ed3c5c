"""What a person saw is named in the address of the page, so that a form can only speak for what was on its page.

Two people can have the same patient open. Each page's form is sent back to the page's own address.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

SEEN, OVERTAKEN = "of", "overtaken"


def was_seen(request: HttpRequest, version: str) -> bool:
    """Whether this page, or the form on it, is of this version."""
    return request.GET.get(SEEN) == version


def to_version(request: HttpRequest, name: str, key: str, version: str) -> HttpResponseRedirect:
    """On to the page of this version; a form that spoke for another one is told so."""
    query = {SEEN: version} | ({OVERTAKEN: "1"} if request.method == "POST" else {})
    return HttpResponseRedirect(f"{reverse(name, kwargs={'key': key})}?{urlencode(query)}")
