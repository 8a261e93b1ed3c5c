"""The site as a Django application."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Templates, static files and views of this site."""

    name = "thecal.web.clinic"
    label = "clinic"
