"""Settings for a person's own machine: SQLite in ``var/``, nothing to install, nothing secret."""

from django.core.management.utils import get_random_secret_key

from mindlab.settings.base import *  # noqa: F403
from mindlab.settings.base import VAR_DIR, env


def local_secret() -> str:
    """Return the key of this machine, made once and kept in ``var/`` so that sign-ins outlive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


DEBUG: bool = env.bool("DEBUG", default=True)
SECRET_KEY: str = env.str("SECRET_KEY", default="") or local_secret()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
WHITENOISE_USE_FINDERS = True
