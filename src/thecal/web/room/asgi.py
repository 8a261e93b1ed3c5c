"""The site as an ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "thecal.web.room.settings"

application = get_asgi_application()
