"""Settings for the tests: fast passwords, files in a temporary place, e-mail kept in memory."""

import tempfile

from mindlab.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = tempfile.mkdtemp(prefix="mindlab-media-")
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
