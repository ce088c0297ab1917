from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "mindlab.core"
    default_auto_field = "django.db.models.BigAutoField"
