"""The site as a Django application."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    """Templates, static files and views of this site."""

    name = "thecal.web.patient"
    label = "patient"
