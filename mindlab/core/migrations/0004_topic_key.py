"""Topics get a column for their names as names are compared; a later migration of home fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_digests_of_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="key",
            field=models.CharField(blank=True, editable=False, max_length=255, null=True, unique=True),
        ),
    ]
