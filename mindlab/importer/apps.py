from django.apps import AppConfig


class ImporterConfig(AppConfig):
    name = "mindlab.importer"
    default_auto_field = "django.db.models.BigAutoField"
