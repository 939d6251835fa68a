"""History tables keep only the indexes by which they are read."""

from django.db import migrations

from canbo.audit.unindexing import UnindexHistory


class Migration(migrations.Migration):
    dependencies = [("snapshot", "0001_initial")]

    operations = [UnindexHistory()]
