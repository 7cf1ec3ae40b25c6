"""When an upload's files were discarded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column for it."""

    dependencies = (("desk", "0006_payments_and_contacts"),)

    operations = (migrations.AddField("Upload", "discarded_at", models.DateTimeField(null=True)),)
