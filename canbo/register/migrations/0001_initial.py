import django.contrib.postgres.constraints
import django.db.models.deletion
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.TextField()),
                ("path", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.TextField(blank=True, default="")),
                ("kind", models.TextField()),
                ("issuer", models.TextField()),
                ("issuer_level", models.TextField(blank=True, default="")),
                ("title", models.TextField(blank=True, default="")),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("effective_from", models.DateField(blank=True, null=True)),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("subject_from", models.DateField(blank=True, null=True)),
                ("subject_to", models.DateField(blank=True, null=True)),
                ("secrecy", models.TextField(default="normal")),
                ("state", models.TextField(default="issued")),
                ("signer", models.TextField(blank=True, default="")),
                ("review_due", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.TextField()),
                ("content", models.TextField()),
                ("as_of", models.DateField()),
                ("applied_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("created", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("ended", models.BigIntegerField(default=0)),
                ("left", models.BigIntegerField(default=0)),
                ("undone", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Discipline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("family", models.TextField()),
                ("form", models.TextField()),
                ("authority", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Demography",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.IntegerField()),
                ("ethnicity", models.TextField()),
                ("inhabitants", models.IntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="demography", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year", "ethnicity"), name="demography_once"),
                    models.CheckConstraint(condition=models.Q(("inhabitants__gte", 0)), name="demography_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ethnicity__isnull", True),
                            (
                                "ethnicity__in",
                                [
                                    "Kinh",
                                    "Tày",
                                    "Thái",
                                    "Hoa",
                                    "Khơ-me",
                                    "Mường",
                                    "Nùng",
                                    "HMông",
                                    "Dao",
                                    "Gia-rai",
                                    "Ngái",
                                    "Ê-đê",
                                    "Ba-na",
                                    "Xơ-đăng",
                                    "Sán Chay",
                                    "Cơ-ho",
                                    "Chăm",
                                    "Sán Dìu",
                                    "Hrê",
                                    "Mnông",
                                    "Ra-glai",
                                    "Xtiêng",
                                    "Bru-Vân Kiều",
                                    "Thổ",
                                    "Giáy",
                                    "Cơ-tu",
                                    "Gié-Triêng",
                                    "Mạ",
                                    "Khơ-mú",
                                    "Co",
                                    "Tà-ôi",
                                    "Chơ-ro",
                                    "Kháng",
                                    "Xinh-mun",
                                    "Hà Nhì",
                                    "Chu-ru",
                                    "Lào",
                                    "La Chí",
                                    "La Ha",
                                    "Phù Lá",
                                    "La Hủ",
                                    "Lự",
                                    "Lô Lô",
                                    "Chứt",
                                    "Mảng",
                                    "Pà Thẻn",
                                    "Cơ Lao",
                                    "Cống",
                                    "Bố Y",
                                    "Si La",
                                    "Pu Péo",
                                    "Brâu",
                                    "Ơ Đu",
                                    "Rơ-măm",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="demography_ethnicity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DelegationRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("body", models.TextField(blank=True, null=True)),
                ("body_role", models.TextField(blank=True, null=True)),
                ("unit_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField(blank=True, null=True)),
                ("tier", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="delegation_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="delegation_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body__isnull", True),
                            (
                                "body__in",
                                ["executive_committee", "standing_committee", "council", "committee", "leadership"],
                            ),
                            _connector="OR",
                        ),
                        name="delegation_body_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body_role__isnull", True),
                            ("body_role__in", ["head", "deputy", "member"]),
                            _connector="OR",
                        ),
                        name="delegation_body_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit_kind__isnull", True),
                            (
                                "unit_kind__in",
                                ["party", "state", "front", "justice", "public_service", "locality", "division"],
                            ),
                            _connector="OR",
                        ),
                        name="delegation_unit_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="delegation_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier__isnull", True),
                            ("tier__in", ["central", "provincial_committee", "district_committee", "unit_head"]),
                            _connector="OR",
                        ),
                        name="delegation_tier_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("kind", models.TextField()),
                ("level", models.TextField(blank=True, default="")),
                ("language", models.TextField(blank=True, default="")),
                ("number", models.TextField(blank=True, default="")),
                ("issuer", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sha256", models.TextField()),
                ("path", models.TextField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.attachment",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="register.document"
            ),
        ),
        migrations.CreateModel(
            name="AssessmentRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("subject", models.TextField()),
                ("version", models.TextField()),
                ("bases", models.JSONField(default=list)),
                ("valid_months", models.IntegerField(blank=True, null=True)),
                ("text", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="assessment_rule_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "major_fits_post")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_major_fits_post_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "it_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_it_standard_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "language_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_language_standard_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "international_ready")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_international_ready_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "operations_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_operations_standard_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "skills_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_skills_standard_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "state_management_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_state_management_standard_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("subject", "meets_post_standard")),
                        expressions=[
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&")
                        ],
                        name="assessment_rule_meets_post_standard_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "subject__in",
                                (
                                    "major_fits_post",
                                    "it_standard",
                                    "language_standard",
                                    "international_ready",
                                    "operations_standard",
                                    "skills_standard",
                                    "state_management_standard",
                                    "meets_post_standard",
                                ),
                            )
                        ),
                        name="assessment_rule_subject_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document__isnull", False)), name="assessment_rule_documented"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_months__isnull", True), ("valid_months__gt", 0), _connector="OR"),
                        name="assessment_rule_months",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("subject", models.TextField()),
                ("met", models.BooleanField()),
                ("level", models.TextField(blank=True, default="")),
                ("basis", models.TextField()),
                ("assessor", models.TextField(blank=True, default="")),
                ("rule_version", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DocumentRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("holds_from", models.DateField(blank=True, null=True)),
                ("affects", models.TextField(blank=True, default="")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rests_on", to="register.document"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="carried_by", to="register.document"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target", "kind"), name="relation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="relation_not_itself"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["basis", "carries_out", "details", "amends", "replaces", "concludes"])
                        ),
                        name="relation_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentRelationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("holds_from", models.DateField(blank=True, null=True)),
                ("affects", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.documentrelation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DateField()),
                ("owner", models.TextField(blank=True, default="")),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="register.document"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DocumentReviewEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("due", models.DateField()),
                ("owner", models.TextField(blank=True, default="")),
                ("reviewed_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.documentreview",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("due", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="register.document"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DelegationRuleEvent",
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
                ("post_kind", models.TextField(blank=True, null=True)),
                ("body", models.TextField(blank=True, null=True)),
                ("body_role", models.TextField(blank=True, null=True)),
                ("unit_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField(blank=True, null=True)),
                ("tier", models.TextField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.delegationrule",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AssessmentRuleEvent",
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
                ("subject", models.TextField()),
                ("version", models.TextField()),
                ("bases", models.JSONField(default=list)),
                ("valid_months", models.IntegerField(blank=True, null=True)),
                ("text", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.assessmentrule",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportBatchEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("file_name", models.TextField()),
                ("content", models.TextField()),
                ("as_of", models.DateField()),
                ("applied_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("created", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("ended", models.BigIntegerField(default=0)),
                ("left", models.BigIntegerField(default=0)),
                ("undone", models.BooleanField(default=False)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JobPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("name", models.TextField()),
                ("planned", models.IntegerField(default=1)),
                ("fields", models.JSONField(default=list)),
                ("least_education", models.TextField(blank=True, null=True)),
                ("has_foreign_element", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("full_name", models.TextField()),
                ("name_key", models.TextField(db_index=True)),
                ("name_order", models.TextField(db_index=True)),
                ("other_names", models.TextField(blank=True, default="")),
                ("birth_date", models.DateField()),
                ("birth_precision", models.TextField(default="day")),
                ("sex", models.TextField()),
                ("ethnicity", models.TextField(blank=True, null=True)),
                ("religion", models.TextField(blank=True, default="")),
                ("national_id", models.TextField(blank=True, null=True)),
                ("national_id_issued_on", models.DateField(blank=True, null=True)),
                ("national_id_issued_by", models.TextField(blank=True, default="")),
                ("staff_number", models.TextField(blank=True, default="")),
                ("birth_place", models.TextField(blank=True, default="")),
                ("home_place", models.TextField(blank=True, default="")),
                ("residence", models.TextField(blank=True, default="")),
                ("address", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("email", models.TextField(blank=True, default="")),
                ("social_insurance", models.TextField(blank=True, default="")),
                ("health_insurance", models.TextField(blank=True, default="")),
                ("class_origin", models.TextField(blank=True, default="")),
                ("job_before", models.TextField(blank=True, default="")),
                ("recruited_first_on", models.DateField(blank=True, null=True)),
                ("recruited_first_by", models.TextField(blank=True, default="")),
                ("army", models.TextField(blank=True, default="")),
                ("policy_groups", models.TextField(blank=True, default="")),
                ("general_education", models.TextField(blank=True, default="")),
                ("health", models.TextField(blank=True, default="")),
                ("height", models.IntegerField(blank=True, null=True)),
                ("weight", models.IntegerField(blank=True, null=True)),
                ("blood_group", models.TextField(blank=True, default="")),
                ("strengths", models.TextField(blank=True, default="")),
                ("longest_work", models.TextField(blank=True, default="")),
                ("personal_history", models.TextField(blank=True, default="")),
                ("economy", models.TextField(blank=True, default="")),
                ("photo", models.TextField(blank=True, default="")),
                ("revision", models.BigIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="register.person",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("merged_into__isnull", True)),
                        fields=("national_id",),
                        name="person_national_id_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("birth_precision__in", ["day", "month", "year"])),
                        name="person_birth_precision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("national_id__isnull", True), ("national_id__regex", "^[0-9]{12}$"), _connector="OR"
                        ),
                        name="person_national_id_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="person_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__isnull", True), ("sex__in", ["male", "female"]), _connector="OR"),
                        name="person_sex_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ethnicity__isnull", True),
                            (
                                "ethnicity__in",
                                [
                                    "Kinh",
                                    "Tày",
                                    "Thái",
                                    "Hoa",
                                    "Khơ-me",
                                    "Mường",
                                    "Nùng",
                                    "HMông",
                                    "Dao",
                                    "Gia-rai",
                                    "Ngái",
                                    "Ê-đê",
                                    "Ba-na",
                                    "Xơ-đăng",
                                    "Sán Chay",
                                    "Cơ-ho",
                                    "Chăm",
                                    "Sán Dìu",
                                    "Hrê",
                                    "Mnông",
                                    "Ra-glai",
                                    "Xtiêng",
                                    "Bru-Vân Kiều",
                                    "Thổ",
                                    "Giáy",
                                    "Cơ-tu",
                                    "Gié-Triêng",
                                    "Mạ",
                                    "Khơ-mú",
                                    "Co",
                                    "Tà-ôi",
                                    "Chơ-ro",
                                    "Kháng",
                                    "Xinh-mun",
                                    "Hà Nhì",
                                    "Chu-ru",
                                    "Lào",
                                    "La Chí",
                                    "La Ha",
                                    "Phù Lá",
                                    "La Hủ",
                                    "Lự",
                                    "Lô Lô",
                                    "Chứt",
                                    "Mảng",
                                    "Pà Thẻn",
                                    "Cơ Lao",
                                    "Cống",
                                    "Bố Y",
                                    "Si La",
                                    "Pu Péo",
                                    "Brâu",
                                    "Ơ Đu",
                                    "Rơ-măm",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="person_ethnicity_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("admitted_on", models.DateField(blank=True, null=True)),
                ("official_on", models.DateField(blank=True, null=True)),
                ("card_number", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="party_membership_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("person_id"),
                                    models.F("person_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="party_membership_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("admitted_on__isnull", True),
                            ("official_on__isnull", True),
                            ("official_on__gte", models.F("admitted_on")),
                            _connector="OR",
                        ),
                        name="party_membership_official_after_admission",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_code", models.TextField()),
                ("left_on", models.DateField()),
                ("kind", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exits",
                        to="register.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True),
                            (
                                "kind__in",
                                ["retirement", "streamlining", "resignation", "transfer_out", "death", "dismissal"],
                            ),
                            _connector="OR",
                        ),
                        name="exit_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.TextField()),
                ("period", models.TextField()),
                ("grade", models.TextField(blank=True, null=True)),
                ("review_suggested", models.BooleanField(blank=True, null=True)),
                ("published", models.BooleanField(blank=True, null=True)),
                ("evaluated_on", models.DateField(blank=True, null=True)),
                ("products", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="register.person",
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject_kind__isnull", True),
                            ("subject_kind__in", ["person", "collective"]),
                            _connector="OR",
                        ),
                        name="evaluation_subject_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade__isnull", True),
                            ("grade__in", ["failed", "completed", "good", "excellent"]),
                            _connector="OR",
                        ),
                        name="evaluation_grade_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("staff_kind", models.TextField()),
                ("contract_kind", models.TextField(blank=True, default="")),
                ("recruited_on", models.DateField(blank=True, null=True)),
                ("high_quality_recruit", models.BooleanField(default=False)),
                ("retires_on", models.DateField(blank=True, null=True)),
                ("exit_kind", models.TextField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="employment_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("person_id"),
                                    models.F("person_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="employment_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("staff_kind__isnull", True),
                            (
                                "staff_kind__in",
                                ["official", "civil_servant", "public_employee", "contract", "part_time"],
                            ),
                            _connector="OR",
                        ),
                        name="employment_staff_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("exit_kind__isnull", True),
                            (
                                "exit_kind__in",
                                ["retirement", "streamlining", "resignation", "transfer_out", "death", "dismissal"],
                            ),
                            _connector="OR",
                        ),
                        name="employment_exit_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisciplineEvent",
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
                ("family", models.TextField()),
                ("form", models.TextField()),
                ("authority", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.discipline",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="discipline",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
            ),
        ),
        migrations.CreateModel(
            name="CertificateEvent",
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
                ("kind", models.TextField()),
                ("level", models.TextField(blank=True, default="")),
                ("language", models.TextField(blank=True, default="")),
                ("number", models.TextField(blank=True, default="")),
                ("issuer", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.certificate",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
            ),
        ),
        migrations.CreateModel(
            name="AssessmentEvent",
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
                ("subject", models.TextField()),
                ("met", models.BooleanField()),
                ("level", models.TextField(blank=True, default="")),
                ("basis", models.TextField()),
                ("assessor", models.TextField(blank=True, default="")),
                ("rule_version", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.assessment",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="assessment",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
            ),
        ),
        migrations.CreateModel(
            name="AppointmentDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("kind", models.TextField()),
                ("rank", models.TextField(blank=True, null=True)),
                ("decided_on", models.DateField()),
                ("met_standards", models.BooleanField(blank=True, null=True)),
                ("trained_before", models.BooleanField(blank=True, null=True)),
                ("was_planned", models.BooleanField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="register.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="appointment_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True),
                            (
                                "kind__in",
                                [
                                    "first",
                                    "reappointment",
                                    "extension",
                                    "nomination",
                                    "assignment",
                                    "rank",
                                    "dismissal",
                                    "resignation",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="appointment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank__isnull", True),
                            ("rank__in", ["attendant", "officer", "specialist", "principal", "senior", "chief_expert"]),
                            _connector="OR",
                        ),
                        name="appointment_rank_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("full_name", models.TextField()),
                ("name_key", models.TextField()),
                ("name_order", models.TextField()),
                ("other_names", models.TextField(blank=True, default="")),
                ("birth_date", models.DateField()),
                ("birth_precision", models.TextField(default="day")),
                ("sex", models.TextField()),
                ("ethnicity", models.TextField(blank=True, null=True)),
                ("religion", models.TextField(blank=True, default="")),
                ("national_id", models.TextField(blank=True, null=True)),
                ("national_id_issued_on", models.DateField(blank=True, null=True)),
                ("national_id_issued_by", models.TextField(blank=True, default="")),
                ("staff_number", models.TextField(blank=True, default="")),
                ("birth_place", models.TextField(blank=True, default="")),
                ("home_place", models.TextField(blank=True, default="")),
                ("residence", models.TextField(blank=True, default="")),
                ("address", models.TextField(blank=True, default="")),
                ("phone", models.TextField(blank=True, default="")),
                ("email", models.TextField(blank=True, default="")),
                ("social_insurance", models.TextField(blank=True, default="")),
                ("health_insurance", models.TextField(blank=True, default="")),
                ("class_origin", models.TextField(blank=True, default="")),
                ("job_before", models.TextField(blank=True, default="")),
                ("recruited_first_on", models.DateField(blank=True, null=True)),
                ("recruited_first_by", models.TextField(blank=True, default="")),
                ("army", models.TextField(blank=True, default="")),
                ("policy_groups", models.TextField(blank=True, default="")),
                ("general_education", models.TextField(blank=True, default="")),
                ("health", models.TextField(blank=True, default="")),
                ("height", models.IntegerField(blank=True, null=True)),
                ("weight", models.IntegerField(blank=True, null=True)),
                ("blood_group", models.TextField(blank=True, default="")),
                ("strengths", models.TextField(blank=True, default="")),
                ("longest_work", models.TextField(blank=True, default="")),
                ("personal_history", models.TextField(blank=True, default="")),
                ("economy", models.TextField(blank=True, default="")),
                ("photo", models.TextField(blank=True, default="")),
                ("revision", models.BigIntegerField(default=1)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved", models.JSONField(default=dict)),
                ("undone", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.person"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.person"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonMergeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("moved", models.JSONField(default=dict)),
                ("undone", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.personmerge",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("category", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("quantity", models.IntegerField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="plan_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("term", models.TextField()),
                ("body", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField()),
                ("approved_on", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body__isnull", True),
                            (
                                "body__in",
                                ["executive_committee", "standing_committee", "council", "committee", "leadership"],
                            ),
                            _connector="OR",
                        ),
                        name="pool_list_body_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="pool_list_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="pool_list_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("term", models.TextField()),
                ("body", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField()),
                ("tier", models.TextField(blank=True, null=True)),
                ("met_standards", models.BooleanField(blank=True, null=True)),
                ("removed_why", models.TextField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "pool_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="register.poollist",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="pool_entry_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body__isnull", True),
                            (
                                "body__in",
                                ["executive_committee", "standing_committee", "council", "committee", "leadership"],
                            ),
                            _connector="OR",
                        ),
                        name="pool_entry_body_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="pool_entry_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="pool_entry_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier__isnull", True),
                            ("tier__in", ["central", "provincial_committee", "district_committee", "unit_head"]),
                            _connector="OR",
                        ),
                        name="pool_entry_tier_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("level", models.TextField()),
                ("field", models.TextField(blank=True, null=True)),
                ("awarded_on", models.DateField()),
                ("by_then", models.BooleanField(default=False)),
                ("institution", models.TextField(blank=True, default="")),
                ("country", models.TextField(blank=True, default="")),
                ("mode", models.TextField(blank=True, default="")),
                ("number", models.TextField(blank=True, default="")),
                ("revoked_on", models.DateField(blank=True, null=True)),
                ("verified_by", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="qualifications", to="register.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_on__isnull", True), ("revoked_on__gt", models.F("awarded_on")), _connector="OR"
                        ),
                        name="qualification_revoked_after_award",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True),
                            ("kind__in", ["professional", "medical", "political", "state", "language", "it", "other"]),
                            _connector="OR",
                        ),
                        name="qualification_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field__isnull", True),
                            (
                                "field__in",
                                [
                                    "education",
                                    "health",
                                    "culture",
                                    "tourism",
                                    "agriculture",
                                    "law",
                                    "economics",
                                    "public_management",
                                    "engineering",
                                    "technology",
                                    "politics",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="qualification_field_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualificationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("level", models.TextField()),
                ("field", models.TextField(blank=True, null=True)),
                ("awarded_on", models.DateField()),
                ("by_then", models.BooleanField(default=False)),
                ("institution", models.TextField(blank=True, default="")),
                ("country", models.TextField(blank=True, default="")),
                ("mode", models.TextField(blank=True, default="")),
                ("number", models.TextField(blank=True, default="")),
                ("revoked_on", models.DateField(blank=True, null=True)),
                ("verified_by", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.qualification",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.IntegerField()),
                ("staff_kind", models.TextField()),
                ("posts", models.IntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="quotas", to="register.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "year"], name="quota_unit_year")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("posts__gte", 0)), name="quota_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("staff_kind__isnull", True),
                            (
                                "staff_kind__in",
                                ["official", "civil_servant", "public_employee", "contract", "part_time"],
                            ),
                            _connector="OR",
                        ),
                        name="quota_staff_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankEquivalence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("rank_code", models.TextField()),
                ("name", models.TextField()),
                ("rank", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="equivalence_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank__isnull", True),
                            ("rank__in", ["attendant", "officer", "specialist", "principal", "senior", "chief_expert"]),
                            _connector="OR",
                        ),
                        name="equivalence_rank_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankEquivalenceEvent",
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
                ("rank_code", models.TextField()),
                ("name", models.TextField()),
                ("rank", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.rankequivalence",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RankHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("rank", models.TextField()),
                ("rank_code", models.TextField(blank=True, default="")),
                ("by_equivalence", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="rank_held_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("person_id"),
                                    models.F("person_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="rank_held_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank__isnull", True),
                            ("rank__in", ["attendant", "officer", "specialist", "principal", "senior", "chief_expert"]),
                            _connector="OR",
                        ),
                        name="rank_held_rank_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankHeldEvent",
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
                ("rank_code", models.TextField(blank=True, default="")),
                ("by_equivalence", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.rankheld",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Recruitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recruited_on", models.DateField()),
                ("kind", models.TextField()),
                ("high_quality", models.BooleanField(blank=True, null=True)),
                ("staff_kind", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recruitments", to="register.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True),
                            ("kind__in", ["exam", "selection", "acceptance", "attraction"]),
                            _connector="OR",
                        ),
                        name="recruitment_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("staff_kind__isnull", True),
                            (
                                "staff_kind__in",
                                ["official", "civil_servant", "public_employee", "contract", "part_time"],
                            ),
                            _connector="OR",
                        ),
                        name="recruitment_staff_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("relation", models.TextField()),
                ("side", models.TextField(default="own")),
                ("name", models.TextField(blank=True, default="")),
                ("birth_year", models.IntegerField(blank=True, null=True)),
                ("home", models.TextField(blank=True, default="")),
                ("job", models.TextField(blank=True, default="")),
                ("address", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="relative_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["own", "spouse"])), name="relative_side_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="relative_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelativeEvent",
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
                ("relation", models.TextField()),
                ("side", models.TextField(default="own")),
                ("name", models.TextField(blank=True, default="")),
                ("birth_year", models.IntegerField(blank=True, null=True)),
                ("home", models.TextField(blank=True, default="")),
                ("job", models.TextField(blank=True, default="")),
                ("address", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.relative",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("on_day", models.DateField()),
                ("title", models.TextField()),
                ("plan", models.JSONField(default=dict)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undoes",
                        to="register.reorganisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReorganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("on_day", models.DateField()),
                ("title", models.TextField()),
                ("plan", models.JSONField(default=dict)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.reorganisation",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.reorganisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.TextField()),
                ("as_of", models.DateField()),
                ("text", models.TextField()),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.TextField()),
                ("authority", models.TextField(blank=True, default="")),
                ("decided_on", models.DateField()),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rewards", to="register.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RewardEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("form", models.TextField()),
                ("authority", models.TextField(blank=True, default="")),
                ("decided_on", models.DateField()),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.reward",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("kind", models.TextField()),
                ("movement", models.TextField()),
                ("from_level", models.TextField()),
                ("to_level", models.TextField()),
                ("from_post_kind", models.TextField(blank=True, null=True)),
                ("to_post_kind", models.TextField(blank=True, null=True)),
                ("tier", models.TextField(blank=True, null=True)),
                ("expected_to", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="rotation_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True), ("kind__in", ["down", "up", "lateral"]), _connector="OR"
                        ),
                        name="rotation_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("movement__isnull", True),
                            ("movement__in", ["rotation", "transfer", "secondment"]),
                            _connector="OR",
                        ),
                        name="rotation_movement_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_level__isnull", True),
                            ("from_level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="rotation_from_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_level__isnull", True),
                            ("to_level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="rotation_to_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_post_kind__isnull", True),
                            (
                                "from_post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="rotation_from_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_post_kind__isnull", True),
                            (
                                "to_post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="rotation_to_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tier__isnull", True),
                            ("tier__in", ["central", "provincial_committee", "district_committee", "unit_head"]),
                            _connector="OR",
                        ),
                        name="rotation_tier_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("education", models.TextField(blank=True, null=True)),
                ("medical_specialist", models.TextField(blank=True, null=True)),
                ("political_theory", models.TextField(blank=True, null=True)),
                ("state_management", models.TextField(blank=True, null=True)),
                ("rank", models.TextField(blank=True, null=True)),
                ("rank_by_equivalence", models.BooleanField(blank=True, null=True)),
                ("major_fits_post", models.BooleanField(blank=True, null=True)),
                ("it_standard", models.BooleanField(blank=True, null=True)),
                ("language_standard", models.BooleanField(blank=True, null=True)),
                ("international_ready", models.BooleanField(blank=True, null=True)),
                ("operations_standard", models.BooleanField(blank=True, null=True)),
                ("skills_standard", models.BooleanField(blank=True, null=True)),
                ("state_management_standard", models.BooleanField(blank=True, null=True)),
                ("meets_post_standard", models.BooleanField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="standing_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("person_id"),
                                    models.F("person_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="standing_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("education__isnull", True),
                            (
                                "education__in",
                                ["none", "elementary", "intermediate", "college", "bachelor", "master", "doctor"],
                            ),
                            _connector="OR",
                        ),
                        name="standing_education_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("medical_specialist__isnull", True),
                            ("medical_specialist__in", ["none", "level_1", "level_2"]),
                            _connector="OR",
                        ),
                        name="standing_medical_specialist_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("political_theory__isnull", True),
                            ("political_theory__in", ["none", "elementary", "intermediate", "advanced", "bachelor"]),
                            _connector="OR",
                        ),
                        name="standing_political_theory_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state_management__isnull", True),
                            ("state_management__in", ["none", "officer", "specialist", "principal", "senior"]),
                            _connector="OR",
                        ),
                        name="standing_state_management_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank__isnull", True),
                            ("rank__in", ["attendant", "officer", "specialist", "principal", "senior", "chief_expert"]),
                            _connector="OR",
                        ),
                        name="standing_rank_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingEvent",
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
                ("education", models.TextField(blank=True, null=True)),
                ("medical_specialist", models.TextField(blank=True, null=True)),
                ("political_theory", models.TextField(blank=True, null=True)),
                ("state_management", models.TextField(blank=True, null=True)),
                ("rank", models.TextField(blank=True, null=True)),
                ("rank_by_equivalence", models.BooleanField(blank=True, null=True)),
                ("major_fits_post", models.BooleanField(blank=True, null=True)),
                ("it_standard", models.BooleanField(blank=True, null=True)),
                ("language_standard", models.BooleanField(blank=True, null=True)),
                ("international_ready", models.BooleanField(blank=True, null=True)),
                ("operations_standard", models.BooleanField(blank=True, null=True)),
                ("skills_standard", models.BooleanField(blank=True, null=True)),
                ("state_management_standard", models.BooleanField(blank=True, null=True)),
                ("meets_post_standard", models.BooleanField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.standing",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("family", models.TextField()),
                ("level", models.TextField()),
                ("number", models.TextField(blank=True, default="")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("congress_month", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="term_ordered",
                    ),
                    models.UniqueConstraint(
                        fields=("family", "level", "unit", "number", "valid_from"),
                        name="term_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("family__in", ["party", "state"])), name="term_family_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="term_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodySeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("body", models.TextField()),
                ("role", models.TextField()),
                ("mode", models.TextField(blank=True, default="")),
                ("end_reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="register.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="body_seat_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body__isnull", True),
                            (
                                "body__in",
                                ["executive_committee", "standing_committee", "council", "committee", "leadership"],
                            ),
                            _connector="OR",
                        ),
                        name="body_seat_body_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__isnull", True), ("role__in", ["head", "deputy", "member"]), _connector="OR"
                        ),
                        name="body_seat_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("body", models.TextField()),
                ("places", models.IntegerField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
                        to="register.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bodies", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="body_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("body", "executive_committee")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="body_executive_committee_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("body", "standing_committee")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="body_standing_committee_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("body", "council")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="body_council_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("body", "committee")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="body_committee_no_overlap",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("body", "leadership")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="body_leadership_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("places__isnull", True), ("places__gt", 0), _connector="OR"),
                        name="body_has_places",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("body__isnull", True),
                            (
                                "body__in",
                                ["executive_committee", "standing_committee", "council", "committee", "leadership"],
                            ),
                            _connector="OR",
                        ),
                        name="body_body_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("post_kind", models.TextField()),
                ("level", models.TextField(blank=True, null=True)),
                ("is_head", models.BooleanField(default=False)),
                ("is_key", models.BooleanField(default=False)),
                ("weight", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="title_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="title_level_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostHeld",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("post", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField()),
                ("is_main", models.BooleanField(default=False)),
                ("is_acting", models.BooleanField(default=False)),
                ("is_head", models.BooleanField(default=False)),
                ("is_key_leader", models.BooleanField(default=False)),
                ("foreign_element", models.BooleanField(default=False)),
                ("appointed_on", models.DateField(blank=True, null=True)),
                ("term_ends_on", models.DateField(blank=True, null=True)),
                ("stated_tier", models.TextField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holders",
                        to="register.jobposition",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.title",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="post_held_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_main", True)),
                        expressions=[
                            (
                                models.Func(
                                    models.F("person_id"),
                                    models.F("person_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="post_held_main_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post_kind__isnull", True),
                            (
                                "post_kind__in",
                                [
                                    "party_secretary",
                                    "party_deputy_secretary",
                                    "council_chair",
                                    "council_vice_chair",
                                    "committee_chair",
                                    "committee_vice_chair",
                                    "agency_head",
                                    "agency_deputy",
                                    "division_head",
                                    "division_deputy",
                                    "service_head",
                                    "service_deputy",
                                    "professional",
                                    "support",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="post_held_post_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stated_tier__isnull", True),
                            ("stated_tier__in", ["central", "provincial_committee", "district_committee", "unit_head"]),
                            _connector="OR",
                        ),
                        name="post_held_stated_tier_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="jobposition",
            name="title",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.title",
            ),
        ),
        migrations.CreateModel(
            name="TitleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("name", models.TextField()),
                ("post_kind", models.TextField()),
                ("level", models.TextField(blank=True, null=True)),
                ("is_head", models.BooleanField(default=False)),
                ("is_key", models.BooleanField(default=False)),
                ("weight", models.IntegerField(default=0)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TitleStandard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("requirements", models.JSONField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standards", to="register.title"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="title_standard_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("title_id"), models.F("title_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="title_standard_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("document__isnull", False)), name="title_standard_documented"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleStandardEvent",
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
                ("requirements", models.JSONField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.titlestandard",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrainingClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(unique=True)),
                ("program", models.TextField()),
                ("school", models.TextField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("places", models.IntegerField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="training_class_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("program__isnull", True),
                            (
                                "program__in",
                                [
                                    "doctor",
                                    "master",
                                    "specialist_1",
                                    "specialist_2",
                                    "bachelor",
                                    "political_advanced",
                                    "political_intermediate",
                                    "state_senior",
                                    "state_principal",
                                    "state_specialist",
                                    "department_leaders",
                                    "division_leaders",
                                    "leadership_skills",
                                    "planned_cadres",
                                    "knowledge_update",
                                    "law",
                                    "public_ethics",
                                    "duty_skills",
                                    "professional_title",
                                    "professional_ethics",
                                    "professional_skills",
                                    "defence",
                                    "it",
                                    "language",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="training_class_program_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("program", models.TextField()),
                ("field", models.TextField(blank=True, null=True)),
                ("mode", models.TextField(blank=True, null=True)),
                ("result", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="register.person"
                    ),
                ),
                (
                    "training_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="students",
                        to="register.trainingclass",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="training_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("program__isnull", True),
                            (
                                "program__in",
                                [
                                    "doctor",
                                    "master",
                                    "specialist_1",
                                    "specialist_2",
                                    "bachelor",
                                    "political_advanced",
                                    "political_intermediate",
                                    "state_senior",
                                    "state_principal",
                                    "state_specialist",
                                    "department_leaders",
                                    "division_leaders",
                                    "leadership_skills",
                                    "planned_cadres",
                                    "knowledge_update",
                                    "law",
                                    "public_ethics",
                                    "duty_skills",
                                    "professional_title",
                                    "professional_ethics",
                                    "professional_skills",
                                    "defence",
                                    "it",
                                    "language",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="training_program_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("field__isnull", True),
                            (
                                "field__in",
                                [
                                    "education",
                                    "health",
                                    "culture",
                                    "tourism",
                                    "agriculture",
                                    "law",
                                    "economics",
                                    "public_management",
                                    "engineering",
                                    "technology",
                                    "politics",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="training_field_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode__isnull", True), ("mode__in", ["full_time", "part_time", "online"]), _connector="OR"
                        ),
                        name="training_mode_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__isnull", True),
                            ("result__in", ["planned", "studying", "completed", "failed", "withdrawn"]),
                            _connector="OR",
                        ),
                        name="training_result_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingEvent",
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
                ("program", models.TextField()),
                ("field", models.TextField(blank=True, null=True)),
                ("mode", models.TextField(blank=True, null=True)),
                ("result", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.training",
                    ),
                ),
                (
                    "training_class",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.trainingclass",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TrainingClassEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("program", models.TextField()),
                ("school", models.TextField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("places", models.IntegerField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.trainingclass",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TermEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("family", models.TextField()),
                ("level", models.TextField()),
                ("number", models.TextField(blank=True, default="")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("congress_month", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RotationEvent",
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
                ("kind", models.TextField()),
                ("movement", models.TextField()),
                ("from_level", models.TextField()),
                ("to_level", models.TextField()),
                ("from_post_kind", models.TextField(blank=True, null=True)),
                ("to_post_kind", models.TextField(blank=True, null=True)),
                ("tier", models.TextField(blank=True, null=True)),
                ("expected_to", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.rotation",
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportedFigureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("indicator", models.TextField()),
                ("as_of", models.DateField()),
                ("text", models.TextField()),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.reportedfigure",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecruitmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("recruited_on", models.DateField()),
                ("kind", models.TextField()),
                ("high_quality", models.BooleanField(blank=True, null=True)),
                ("staff_kind", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.recruitment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QuotaEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("staff_kind", models.TextField()),
                ("posts", models.IntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.quota",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PostHeldEvent",
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
                ("post", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField()),
                ("is_main", models.BooleanField(default=False)),
                ("is_acting", models.BooleanField(default=False)),
                ("is_head", models.BooleanField(default=False)),
                ("is_key_leader", models.BooleanField(default=False)),
                ("foreign_element", models.BooleanField(default=False)),
                ("appointed_on", models.DateField(blank=True, null=True)),
                ("term_ends_on", models.DateField(blank=True, null=True)),
                ("stated_tier", models.TextField(blank=True, null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.postheld",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.jobposition",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.title",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PoolListEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("term", models.TextField()),
                ("body", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField()),
                ("approved_on", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.poollist",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PoolEntryEvent",
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
                ("term", models.TextField()),
                ("body", models.TextField(blank=True, null=True)),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("level", models.TextField()),
                ("tier", models.TextField(blank=True, null=True)),
                ("met_standards", models.BooleanField(blank=True, null=True)),
                ("removed_why", models.TextField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.poolentry",
                    ),
                ),
                (
                    "pool_list",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.poollist",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                ("category", models.TextField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("quantity", models.IntegerField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.plan",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartyMembershipEvent",
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
                ("admitted_on", models.DateField(blank=True, null=True)),
                ("official_on", models.DateField(blank=True, null=True)),
                ("card_number", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.partymembership",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JobPositionEvent",
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
                ("name", models.TextField()),
                ("planned", models.IntegerField(default=1)),
                ("fields", models.JSONField(default=list)),
                ("least_education", models.TextField(blank=True, null=True)),
                ("has_foreign_element", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.jobposition",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.title",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="jobposition",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="positions", to="register.unit"
            ),
        ),
        migrations.CreateModel(
            name="ExitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("person_code", models.TextField()),
                ("left_on", models.DateField()),
                ("kind", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.exit",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EvaluationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("subject_kind", models.TextField()),
                ("period", models.TextField()),
                ("grade", models.TextField(blank=True, null=True)),
                ("review_suggested", models.BooleanField(blank=True, null=True)),
                ("published", models.BooleanField(blank=True, null=True)),
                ("evaluated_on", models.DateField(blank=True, null=True)),
                ("products", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.evaluation",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EmploymentEvent",
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
                ("staff_kind", models.TextField()),
                ("contract_kind", models.TextField(blank=True, default="")),
                ("recruited_on", models.DateField(blank=True, null=True)),
                ("high_quality_recruit", models.BooleanField(default=False)),
                ("retires_on", models.DateField(blank=True, null=True)),
                ("exit_kind", models.TextField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.employment",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentTaskEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("text", models.TextField()),
                ("due", models.DateField(blank=True, null=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("result", models.TextField(blank=True, default="")),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.documenttask",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("number", models.TextField(blank=True, default="")),
                ("kind", models.TextField()),
                ("issuer", models.TextField()),
                ("issuer_level", models.TextField(blank=True, default="")),
                ("title", models.TextField(blank=True, default="")),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("effective_from", models.DateField(blank=True, null=True)),
                ("effective_to", models.DateField(blank=True, null=True)),
                ("subject_from", models.DateField(blank=True, null=True)),
                ("subject_to", models.DateField(blank=True, null=True)),
                ("secrecy", models.TextField(default="normal")),
                ("state", models.TextField(default="issued")),
                ("signer", models.TextField(blank=True, default="")),
                ("review_due", models.DateField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.document",
                    ),
                ),
                (
                    "issuer_unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="document",
            name="issuer_unit",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="register.unit"
            ),
        ),
        migrations.CreateModel(
            name="DemographyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("ethnicity", models.TextField()),
                ("inhabitants", models.IntegerField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.demography",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BodySeatEvent",
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
                ("body", models.TextField()),
                ("role", models.TextField()),
                ("mode", models.TextField(blank=True, default="")),
                ("end_reason", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.bodyseat",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BodyEvent",
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
                ("body", models.TextField()),
                ("places", models.IntegerField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.body",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.term",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AppointmentDecisionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("post_kind", models.TextField(blank=True, null=True)),
                ("kind", models.TextField()),
                ("rank", models.TextField(blank=True, null=True)),
                ("decided_on", models.DateField()),
                ("met_standards", models.BooleanField(blank=True, null=True)),
                ("trained_before", models.BooleanField(blank=True, null=True)),
                ("was_planned", models.BooleanField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.appointmentdecision",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("confirmed_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("open_errors", models.IntegerField(default=0)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="confirmations", to="register.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitConfirmationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("as_of", models.DateField()),
                ("confirmed_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("open_errors", models.IntegerField(default=0)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.unitconfirmation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.TextField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_day", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="successors", to="register.unit"
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="register.reorganisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="succession_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitSuccessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(db_index=True, null=True)),
                ("id", models.BigIntegerField()),
                ("on_day", models.DateField(blank=True, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.unitsuccession",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "reorganisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.reorganisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("since_known", models.BooleanField(default=True)),
                ("name", models.TextField()),
                ("level", models.TextField()),
                ("kind", models.TextField()),
                ("sector", models.TextField(blank=True, null=True)),
                ("is_city", models.BooleanField(default=False)),
                ("is_base_party", models.BooleanField(default=False)),
                ("locality_code", models.TextField(blank=True, default="")),
                ("minority_share", models.DecimalField(blank=True, decimal_places=17, max_digits=20, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "party_parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="register.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="unit_version_ordered",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"), models.F("unit_id"), models.Value("[]"), function="int8range"
                                ),
                                "&&",
                            ),
                            (models.Func(models.F("valid_from"), models.F("valid_to"), function="daterange"), "&&"),
                        ],
                        name="unit_version_no_overlap",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="unit_version_not_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level__isnull", True),
                            ("level__in", ["central", "province", "district", "commune"]),
                            _connector="OR",
                        ),
                        name="unit_version_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__isnull", True),
                            (
                                "kind__in",
                                ["party", "state", "front", "justice", "public_service", "locality", "division"],
                            ),
                            _connector="OR",
                        ),
                        name="unit_version_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sector__isnull", True),
                            (
                                "sector__in",
                                [
                                    "administration",
                                    "party_mass",
                                    "education",
                                    "health",
                                    "culture_tourism",
                                    "agriculture",
                                    "justice",
                                    "economy",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="unit_version_sector_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitVersionEvent",
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
                ("name", models.TextField()),
                ("level", models.TextField()),
                ("kind", models.TextField()),
                ("sector", models.TextField(blank=True, null=True)),
                ("is_city", models.BooleanField(default=False)),
                ("is_base_party", models.BooleanField(default=False)),
                ("locality_code", models.TextField(blank=True, default="")),
                ("minority_share", models.DecimalField(blank=True, decimal_places=17, max_digits=20, null=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.document",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.importbatch",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "party_parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        to="register.unitversion",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="register.unit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="discipline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="discipline_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="discipline",
            constraint=models.CheckConstraint(
                condition=models.Q(("family__in", ["party", "state", "criminal"])), name="discipline_family_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="discipline",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", False)), name="discipline_documented"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="certificate_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="assessment_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="assessment_has_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "subject__in",
                        (
                            "major_fits_post",
                            "it_standard",
                            "language_standard",
                            "international_ready",
                            "operations_standard",
                            "skills_standard",
                            "state_management_standard",
                            "meets_post_standard",
                        ),
                    )
                ),
                name="assessment_subject_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="job_position_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="jobposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("least_education__isnull", True),
                    (
                        "least_education__in",
                        ["none", "elementary", "intermediate", "college", "bachelor", "master", "doctor"],
                    ),
                    _connector="OR",
                ),
                name="job_position_least_education_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number", "kind", "issuer", "issued_on"),
                name="document_identity",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", ""), ("issued_on__isnull", False), ("state__in", ["draft", "submitted"]), _connector="OR"
                ),
                name="document_number_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_from__isnull", True),
                    ("issued_on__isnull", True),
                    ("effective_from__gte", models.F("issued_on")),
                    _connector="OR",
                ),
                name="document_in_force_after_issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("subject_to__isnull", True),
                    ("subject_from__isnull", True),
                    ("subject_to__gte", models.F("subject_from")),
                    _connector="OR",
                ),
                name="document_subject_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("secrecy__in", ["normal", "confidential", "secret", "top_secret"])),
                name="document_secrecy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "issued", "withdrawn"])),
                name="document_state_known",
            ),
        ),
    ]
