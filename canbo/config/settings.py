"""Django's settings. The database's address is in ``DATABASE_URL``, set by whoever starts the house."""

import os

from pgtrigger import Statement

from canbo.installation.home import home, secret
from canbo.installation.server import parameters

_address = parameters(os.environ.get("DATABASE_URL", "postgresql:///canbo"))

BASE_FOLDER = home()
SECRET_KEY = os.environ.get("CANBO_SECRET_KEY") or (secret("django") if os.environ.get("DATABASE_URL") else "unset")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CANBO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
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
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "canbo.config.urls"
WSGI_APPLICATION = "canbo.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.get("dbname", "canbo"),
        "USER": _address.get("user", ""),
        "PASSWORD": _address.get("password", ""),
        "HOST": _address.get("host", ""),
        "PORT": _address.get("port", ""),
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
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

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
