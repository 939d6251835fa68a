import django.contrib.postgres.constraints
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Parameter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("label", models.TextField(blank=True, default="")),
                ("form", models.TextField(default="goal")),
            ],
        ),
        migrations.CreateModel(
            name="ParameterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("label", models.TextField(blank=True, default="")),
                ("form", models.TextField(default="goal")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RankStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("rank", models.TextField()),
                ("requirements", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="RankStandardEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("rank", models.TextField()),
                ("requirements", models.JSONField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitParameter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("value", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="UnitParameterEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("value", models.TextField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "state_management",
                            "language",
                            "ethnic_language",
                            "it",
                            "defence",
                            "leadership",
                            "professional_title",
                            "other",
                        ],
                    )
                ),
                name="certificate_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["goal", "number", "text"])), name="parameter_form_known"
            ),
        ),
        migrations.AddField(
            model_name="parameterevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="register.parameter",
            ),
        ),
        migrations.AddField(
            model_name="rankstandard",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.document",
            ),
        ),
        migrations.AddField(
            model_name="rankstandard",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="rankstandardevent",
            name="document",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.document",
            ),
        ),
        migrations.AddField(
            model_name="rankstandardevent",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="rankstandardevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="register.rankstandard",
            ),
        ),
        migrations.AddField(
            model_name="unitparameter",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.document",
            ),
        ),
        migrations.AddField(
            model_name="unitparameter",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="unitparameter",
            name="parameter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="values", to="register.parameter"
            ),
        ),
        migrations.AddField(
            model_name="unitparameter",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parameters", to="register.unit"
            ),
        ),
        migrations.AddField(
            model_name="unitparameterevent",
            name="document",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.document",
            ),
        ),
        migrations.AddField(
            model_name="unitparameterevent",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="unitparameterevent",
            name="parameter",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.parameter",
            ),
        ),
        migrations.AddField(
            model_name="unitparameterevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="register.unitparameter",
            ),
        ),
        migrations.AddField(
            model_name="unitparameterevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="register.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="rank_standard_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "attendant")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_attendant_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "officer")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_officer_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "specialist")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_specialist_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "principal")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_principal_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "senior")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_senior_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("rank", "chief_expert")),
                expressions=[(models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")],
                name="rank_standard_chief_expert_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rank__isnull", True),
                    ("rank__in", ["attendant", "officer", "specialist", "principal", "senior", "chief_expert"]),
                    _connector="OR",
                ),
                name="rank_standard_rank_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rankstandard",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", False)), name="rank_standard_documented"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitparameter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="unit_parameter_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitparameter",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("parameter_id"), models.F("parameter_id"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                ],
                name="unit_parameter_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitparameter",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", False)), name="unit_parameter_documented"
            ),
        ),
    ]
