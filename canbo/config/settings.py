"""Django's settings. The database's address is in ``DATABASE_URL``, set by whoever starts the house."""

import os
from pathlib import Path

from pgtrigger import Statement

from canbo.installation.home import home, secret
from canbo.installation.identity_service import identity_services
from canbo.installation.logs import logging_settings
from canbo.installation.server import parameters

_address = parameters(os.environ.get("DATABASE_URL", "postgresql:///canbo"))
_PARTS = ("dbname", "user", "password", "host", "port")

BASE_FOLDER = home()
SECRET_KEY = os.environ.get("CANBO_SECRET_KEY") or (secret("django") if os.environ.get("DATABASE_URL") else "unset")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CANBO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "canbo.accounts",
    "canbo.audit",
    "canbo.register",
    "canbo.snapshot",
    "canbo.web",
]
MIDDLEWARE = [
    "canbo.api.request_log.RequestLog",
    "canbo.config.moments.RequestMoment",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "canbo.web.middleware.NothingFromElsewhere",
    "canbo.web.middleware.Speaking",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "canbo.accounts.sessions.Sessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "canbo.web.errors.Refusals",
]
ROOT_URLCONF = "canbo.config.urls"
WSGI_APPLICATION = "canbo.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent.parent / "web" / "templates"],
        "OPTIONS": {
            "environment": "canbo.web.engine.environment",
            "context_processors": ["canbo.web.frame.around"],
        },
    },
    {  # of the libraries: what of theirs is shown has a template of our own above
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.get("dbname", "canbo"),
        "USER": _address.get("user", ""),
        "PASSWORD": _address.get("password", ""),
        "HOST": _address.get("host", ""),
        "PORT": _address.get("port", ""),
        # All else that the address says, such as how far the server's certificate is to be checked.
        "OPTIONS": {key: value for key, value in _address.items() if key not in _PARTS},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # The test database is made like the real one: UTF-8, and no locale of the machine in its comparisons.
        "TEST": {"TEMPLATE": "template0"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["canbo.accounts.sign_ins.Backend"]

# Attempts and requests are counted in a table: all threads and processes share it, the command line can end a lock-out,
# and a restart does not. Far more entries than attempts, or a flood of made-up names would push lock-outs out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "canbo_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request; the longest session is in canbo.accounts.sessions
SESSION_COOKIE_NAME = "canbo_session"

# An office may have no certificate for its server. Then passwords and sessions can be read by whoever listens on its
# network, but a cookie that asks for HTTPS would let nobody in at all. With a proxy that speaks HTTPS: CANBO_HTTPS=1.
_https = os.environ.get("CANBO_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CANBO_PROXIES", "0"))

ACCOUNT_ADAPTER = "canbo.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/15m/key",  # the lock-out: 5 attempts on an account in 15 minutes
    "identity_failed": "20/m/ip",  # how many are logged: anybody can send what the identity service never said
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # passwords are reset by an administrator, not by mail
MFA_ADAPTER = "canbo.accounts.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "CanBo"
MFA_TOTP_TOLERANCE = 1  # telephones and an offline server disagree by some seconds
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Sign-in through the province's own service: off unless its address is given. Nobody gets an account by it.
SOCIALACCOUNT_ADAPTER = "canbo.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "canbo.accounts.identities.Province",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": identity_services(),
    }
}

# Files of the pages are served from where they lie; a hash of the content in the address keeps them from going stale.
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "canbo.web.errors.forged"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

LOGGING = logging_settings()

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# History: written by the database, one statement at a time, with the moment and the change that the log names.
PGHISTORY_LEVEL = Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CREATED_AT_FUNCTION = (
    "COALESCE(NULLIF(CURRENT_SETTING('canbo.moment', TRUE), '')::timestamptz, CLOCK_TIMESTAMP())"
)

# Triggers are installed whole after each migration, so that they always match the code; as operations of migrations
# they would make a first migration take minutes.
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True
