"""The site as a Django application."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """Templates, static files and views of this site."""

    name = "thecal.web.room"
    label = "room"
