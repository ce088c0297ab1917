from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "mindlab.editorial"
    default_auto_field = "django.db.models.BigAutoField"
