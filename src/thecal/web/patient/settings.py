"""Settings of the patient programmers: no database, no sign-in; the programmer in the hand is the key."""

from __future__ import annotations

from thecal.web.site_settings import *  # noqa: F403 - Django reads settings as names of one module
from thecal.web.site_settings import SECURITY_MIDDLEWARE, SURROUNDINGS, templates
from thecal.web.surroundings import secret_key

SECRET_KEY = secret_key(SURROUNDINGS.data, "patient")
ROOT_URLCONF = "thecal.web.patient.urls"
ASGI_APPLICATION = "thecal.web.patient.asgi.application"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "thecal.web.design.apps.DesignConfig",
    "thecal.web.patient.apps.PatientConfig",
]
MIDDLEWARE = [
    *SECURITY_MIDDLEWARE,
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = templates()
DATABASES: dict[str, dict[str, object]] = {}
CSRF_COOKIE_NAME = "thecal-patient-forgery"
