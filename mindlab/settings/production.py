"""Settings for a public site: a missing secret or host stops the start, and everything is HTTPS."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF

from mindlab.settings.base import *  # noqa: F403
from mindlab.settings.base import CONTENT_SECURITY_POLICY, INSTALLED_APPS, STORAGES, env

DEBUG = False
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL").rstrip("/")
WAGTAILADMIN_BASE_URL = SITE_URL
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

# The admin shows previews of our own pages in a frame. To be on the list that browsers are shipped with is
# a choice that is hard to take back, and the domain's owner's.
SILENCED_SYSTEM_CHECKS = ["security.W019", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS: int = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD: bool = env.bool("SECURE_HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
S3_BUCKET: str = env.str("S3_BUCKET", default="")
if S3_BUCKET:
    s3 = "storages.backends.s3.S3Storage"
    bucket: dict[str, Any] = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "file_overwrite": False,
    }
    public = {"custom_domain": env.str("S3_CUSTOM_DOMAIN", default=None), "querystring_auth": False}
    # Addresses of originals and documents are signed, and end soon.
    private = {"querystring_auth": True, "querystring_expire": 300}
    STORAGES["default"] = {"BACKEND": s3, "OPTIONS": {**bucket, **private}}
    STORAGES["renditions"] = {"BACKEND": s3, "OPTIONS": {**bucket, **public}}
    media_host = public["custom_domain"] or urlsplit(bucket["endpoint_url"] or "").netloc
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] = [SELF, media_host or f"{S3_BUCKET}.s3.amazonaws.com"]

INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
