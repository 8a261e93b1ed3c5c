"""What this one process holds in memory for the people signed in to it: their opened keys."""

from __future__ import annotations

from django.conf import settings

from thecal.web.clinic.opened_keys import OpenedKeys

OPENED_KEYS = OpenedKeys(idle_s=settings.SESSION_COOKIE_AGE)
