"""History tables keep only the indexes by which they are read."""

from django.db import migrations

from canbo.audit.unindexing import UnindexHistory


class Migration(migrations.Migration):
    dependencies = [("register", "0002_rank_standards_and_unit_parameters")]

    operations = [UnindexHistory()]
