"""History tables keep only the indexes by which they are read."""

from django.db import migrations

from canbo.audit.unindexing import UnindexHistory


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cache")]

    operations = [UnindexHistory()]
