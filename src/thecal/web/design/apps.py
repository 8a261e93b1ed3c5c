"""The shared design as a Django application."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, static files and tags of all three sites."""

    name = "thecal.web.design"
    label = "design"
