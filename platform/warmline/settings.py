"""Django's settings: everything that differs between machines comes from the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import schedule

from telephony.carriers import registry
from tenants.postgres.addresses import behind_pgbouncer, django_database
from verticals.discovery import installed_verticals, vertical_schemas
from warmline.enum_names import ENUM_NAMES
from warmline.kernel import configuration, env
from warmline.kernel.configuration import accounts
from warmline.kernel.configuration.checks import check, is_loopback
from warmline.kernel.configuration.setting import DJANGO, Setting
from warmline.kernel.logs import configure_logs
from warmline.kernel.redis_address import celery_broker
from warmline.kernel.regions import database_number, redis_database

configure_logs()
check(DJANGO, of_carriers=registry.settings)

SECRET_KEY = configuration.SECRET_KEY.value()
# What was sealed before there was a key of its own still opens.
SEALING_KEYS = (*configuration.SEALING_KEYS.value(), SECRET_KEY)
DEBUG = configuration.DEBUG.value()
# The address the carriers and browsers use. Carriers' signatures are checked against it, never
# against Host.
PUBLIC_URL = configuration.PUBLIC_URL.value()
# The address the media plane uses for tools, knowledge and recordings: the internal listener's.
INTERNAL_URL = configuration.INTERNAL_URL.value()


def _host(url: str) -> str:
    """The host of an address, as a request's Host header names it, without its port."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


# This machine, the hosts at which the two addresses above are reached, and what the operator adds.
_OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]", _host(PUBLIC_URL), _host(INTERNAL_URL))
ALLOWED_HOSTS = list(dict.fromkeys((*_OWN_HOSTS, *configuration.ALLOWED_HOSTS.value())))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# any OpenAI-compatible endpoint instead of the own pools
LLM_URL = configuration.THINK_URL.value()
RECORDINGS = configuration.RECORDINGS.value() or f"file://{env.home()}/state/recordings"
RECORDINGS_OVER_HTTP = configuration.RECORDINGS_OVER_HTTP.value()
API_LIMITS = configuration.API_LIMITS.value()
DOCUMENTS = configuration.DOCUMENTS.value() or f"file://{env.home()}/state/documents"

INSTALLED_APPS = [
    "tenants",  # before Django's own, whose command for passwords it replaces
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "tenants.webhooks",
    "inference",
    "rag",
    *(f"verticals.{slug}" for slug in installed_verticals()),
    "agents",
    "telephony",
    "shadow",
    "dashboard",
    "warmline.backup",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.api.middleware.answers_programs",
    "dashboard.error.middleware.refusals_are_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.accounts.sign_ins.note_use",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "warmline.urls"
ASGI_APPLICATION = "warmline.asgi.application"
AUTH_USER_MODEL = "tenants.User"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
# The folder that holds `dashboard`: a template's name is its path from here
# (`dashboard/pools/pools.html`), for it lies beside its view, its styles and its scripts.
_SOURCES = Path(__file__).parents[1]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_SOURCES],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.navigation.navigation",
            ],
        },
    }
]


def _database(address: Setting[str]) -> dict[str, Any]:
    """A Django database from a libpq URL: embedded Postgres on its Unix socket, or any server."""
    database = django_database(address.value() or configuration.DATABASE_URL.value())
    pool = {
        "min_size": 1,
        "max_size": configuration.DATABASE_POOL.value(),
        "timeout": 2,
        # After this the pool gives up and the next request tries afresh: after 30 s without
        # Postgres it writes again within 3 s. By default the pauses double for five minutes
        # (26 s, measured).
        "reconnect_timeout": 2,
    }
    return {
        **database,
        "ENGINE": "tenants.postgres",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**database["OPTIONS"], "pool": pool},
    }


def _served(address: Setting[str]) -> dict[str, Any]:
    """The same where requests and jobs are served, which may be through PgBouncer."""
    database = _database(address)
    return behind_pgbouncer(database) if configuration.PGBOUNCER.value() else database


DATABASES = {
    "default": _served(configuration.DATABASE_URL),
    # Migrations only; its credential is in no other process than `migrate`.
    "owner": _database(configuration.DATABASE_OWNER_URL),
    "control": _served(configuration.DATABASE_CONTROL_URL),
}
VERTICAL_SCHEMAS = vertical_schemas()  # `bootstrap_roles` puts them on each role's search path
DATABASE_ROUTERS = ["tenants.postgres.routers.RoleRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = configuration.REDIS_URL.value()
CHROMA_URL = configuration.CHROMA_URL.value()


# Nothing that lies in Redis is read by a format that can hold code: whoever may write there could
# run it here. Live views are MessagePack, the cache and the jobs JSON, sessions JSON in Postgres.
_LIVE_URL = redis_database(REDIS_URL, database_number(REDIS_URL) + 1)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [_LIVE_URL], "serializer_format": "msgpack"},
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _LIVE_URL,
        "OPTIONS": {
            "serializer": "warmline.cache.JsonSerializer",
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        },
    }
}

SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

_broker = celery_broker(REDIS_URL)
CELERY_BROKER_URL = _broker.url
CELERY_BROKER_USE_SSL = _broker.tls or False
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Unacknowledged work of a killed worker is back after 2 s; the defaults took 101 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **_broker.options,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}


def _tick(task: str, seconds: float) -> dict[str, Any]:
    """A job at a fixed beat; a tick that could not start before the next one is dropped."""
    return {"task": task, "schedule": schedule(seconds), "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "warm-pools": _tick("inference.tasks.warm_pools", 5.0),
    "learn-pools": _tick("inference.tasks.learn_pools", 3600.0),
    "send-mail": _tick("tenants.tasks.send_mail", 3.0),
    "tidy-accounts": _tick("tenants.tasks.tidy_accounts", 3600.0),
    "score-shadow-runs": _tick("shadow.tasks.score_finished", 10.0),
    "refresh-routes": _tick("telephony.tasks.refresh_routes", 60.0),
    "learn-round-trips": _tick("telephony.tasks.learn_round_trips", 3600.0),
    "roll-up-usage": _tick("telephony.tasks.roll_up_usage", 300.0),
    "send-decided-tasks": _tick("tenants.tasks.send_decided", 10.0),
    "erase-closed-companies": _tick("tenants.tasks.erase_closed_companies", 3600.0),
    "tell-of-trials": _tick("tenants.tasks.tell_of_trials", 600.0),
    "forget-idempotent-requests": _tick("tenants.tasks.forget_idempotent_requests", 3600.0),
    "index-ended-calls": _tick("telephony.tasks.index_ended_calls", 5.0),
    "summarise-calls": _tick("telephony.tasks.summarise_calls", 10.0),
    "erase-what-is-due": _tick("telephony.tasks.erase_what_is_due", 5.0),
    "send-waiting-documents": _tick("rag.tasks.send_waiting", 3.0),
    "renew-knowledge": _tick("rag.tasks.renew_outdated", 60.0),
    "sweep-knowledge": _tick("rag.tasks.sweep_orphans", 3600.0),
    "settle-numbers": _tick("telephony.tasks.settle_numbers", 60.0),
    "close-lost-calls": _tick("telephony.tasks.close_lost_calls", 15.0),
    "ask-about-calls": _tick("telephony.tasks.ask_about_calls", 15.0),
    "forget-old-webhooks": _tick("tenants.webhooks.tasks.forget_old", 3600.0),
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["tenants.api.api_keys.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["tenants.api.rendering.PlainJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tenants.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "tenants.api.problems.answer_problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Warmline",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Calls answered by AI phone agents: everything that the dashboard does, for "
    "programs. Lists come in cursor pages, refusals are problems of RFC 9457, times are RFC 3339 "
    "in UTC.",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # its values stand beside it
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tenants.api.document.finishing.finished",
    ],
}

SESSION_ENGINE = "tenants.sessions"
AUTHENTICATION_BACKENDS = ["tenants.passwords.PasswordBackend"]
PASSWORD_HASHERS = ["tenants.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# By django-allauth: what follows the password (a confirmed address, a second factor), passkeys,
# links by mail, single sign-on. The password, and every limit, are checked by this house.
ACCOUNT_ADAPTER = "tenants.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_TIMEOUT = 3600  # from the password to the second factor, or to the link in the mail
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/account/"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "tenants.accounts.reset_tokens.ResetTokens"  # noqa: S105
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = {"password", "mfa"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = False  # tenants/accounts/limits.py
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "tenants.accounts.adapters.MfaAdapter"
MFA_TOTP_TOLERANCE = 1  # a step of 30 s either way: clocks differ, people type slowly (RFC 6238)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "dashboard.sign_in.forms.CodeForm",
    "authenticate_webauthn": "dashboard.sign_in.forms.PasskeyForm",
    "login_webauthn": "dashboard.sign_in.forms.PasskeyAloneForm",
    "reauthenticate": "dashboard.account.forms.CodeAgainForm",
    "reauthenticate_webauthn": "dashboard.account.forms.PasskeyAgainForm",
    "activate_totp": "dashboard.account.forms.ActivateForm",
    "add_webauthn": "dashboard.account.forms.AddPasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "tenants.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # browsers let no form of ours end at another site (CSP)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SSO_URL = accounts.SSO_URL.value()
SSO_NAME = accounts.SSO_NAME.value()
SSO_DOMAINS = accounts.SSO_DOMAINS.value()
SSO_REQUIRED = accounts.SSO_REQUIRED.value()
_provider = {
    "provider_id": "sso",
    "name": SSO_NAME,
    "client_id": accounts.SSO_CLIENT_ID.value(),
    "secret": accounts.SSO_CLIENT_SECRET.value(),
    "settings": {"server_url": SSO_URL, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_provider] if SSO_URL else []}}
SIGN_UP = accounts.SIGN_UP.value()
OPERATORS_SECOND_FACTOR = accounts.OPERATORS_SECOND_FACTOR.value()
SESSION_IDLE_HOURS = accounts.SESSION_IDLE_HOURS.value()
SESSION_HOURS = accounts.SESSION_HOURS.value()
SESSION_COOKIE_AGE = SESSION_HOURS * 3600

# Mail: into a mailbox on this machine, or by SMTP; without either there is none.
IS_LOOPBACK = is_loopback(PUBLIC_URL)
MAILBOX = accounts.MAILBOX.given()
SENDS_MAIL = MAILBOX is not None or bool(accounts.SMTP_HOST.value())
EMAIL_BACKEND = (
    "tenants.mail.mailbox.MailboxBackend"
    if MAILBOX is not None
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = accounts.SMTP_HOST.value()
EMAIL_PORT = accounts.SMTP_PORT.value()
EMAIL_HOST_USER = accounts.SMTP_USER.value()
EMAIL_HOST_PASSWORD = accounts.smtp_password()
EMAIL_USE_TLS = accounts.SMTP_TLS.value() == "starttls"
EMAIL_USE_SSL = accounts.SMTP_TLS.value() == "tls"
DEFAULT_FROM_EMAIL = accounts.MAIL_FROM.value()
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")

_secure = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_SECURE = _secure
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "dashboard.error.views.form_refused"
# Scripts, styles and sounds come from here only; the pages have none inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

STATIC_URL = "/static/"
# dashboard/pools/static/pools.css is served as /static/dashboard/pools/pools.css. Nothing of a page
# is served but what lies in its `static`.
STATICFILES_DIRS = [
    (f"dashboard/{folder.parent.name}", folder)
    for folder in sorted(_SOURCES.glob("dashboard/*/static"))
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"brief": {"()": "warmline.kernel.logs.WithoutTraceback"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "brief": {"class": "logging.StreamHandler", "filters": ["brief"]},
    },
    "loggers": {
        # A refusal is an answer, not an event: what matters of one is logged where it is decided.
        "django.request": {"level": "ERROR"},
        # A Host that is not ours, too many fields: one line each.
        "django.security": {"handlers": ["brief"], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
