"""Settings of the physician programmer."""

from __future__ import annotations

from datetime import timedelta

from thecal.web.site_settings import *  # noqa: F403 - Django reads settings as names of one module
from thecal.web.site_settings import SECURITY_MIDDLEWARE, SURROUNDINGS, templates
from thecal.web.surroundings import secret_key

SECRET_KEY = secret_key(SURROUNDINGS.data, "clinic")
ROOT_URLCONF = "thecal.web.clinic.urls"
ASGI_APPLICATION = "thecal.web.clinic.asgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "thecal.web.design.apps.DesignConfig",
    "thecal.web.clinic.apps.ClinicConfig",
]

MIDDLEWARE = [
    *SECURITY_MIDDLEWARE,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thecal.web.clinic.workplace.KeysRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = templates("django.contrib.auth.context_processors.auth")

# WAL lets pages be read while a record is written; IMMEDIATE takes the write lock before the first read of a
# transaction; FULL makes a stored pending command survive loss of power, which is the reason it is stored.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SURROUNDINGS.data / "clinic" / "clinic.sqlite3",
        "OPTIONS": {
            "timeout": 10,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "patients"
LOGOUT_REDIRECT_URL = "start"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "clinic/locked_out.html"
AXES_VERBOSE = False

# Signed in for 30 minutes from the last page asked for by a person; polling does not count (see workplace.py).
SESSION_COOKIE_NAME = "thecal-clinic-session"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "thecal-clinic-forgery"
