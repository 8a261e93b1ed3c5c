"""Settings that all three sites share. Nothing from outside is loaded: every file comes from this package."""

from __future__ import annotations

from csp.constants import NONE, SELF

from thecal.web.surroundings import surroundings

SURROUNDINGS = surroundings()

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

STATIC_URL = "/static/"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_AUTOREFRESH = True  # served from the package itself; there is no collection step to forget
SERVESTATIC_MAX_AGE = 60
SERVESTATIC_INDEX_FILE = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "thecal.web.design.errors.forged"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

SECURITY_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
]


def templates(*context_processors: str) -> list[dict[str, object]]:
    """The one template engine of a site: package templates only, unknown variables shown, never hidden."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "thecal.web.design.addresses.addresses",
                    *context_processors,
                ],
                "builtins": [
                    "thecal.web.design.templatetags.figures",
                    "thecal.web.design.templatetags.entries",
                ],
            },
        }
    ]


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
