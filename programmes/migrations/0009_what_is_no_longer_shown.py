"""What answers were given to whom, and how often words were taken out.

Of the answers that are kept nobody knows any more what their senders saw then: they are not given again.
"""

import django.db.models.deletion
from django.db import migrations, models


def forget_answers(apps, _schema_editor):
    answers = apps.get_model("programmes", "AnsweredRequest").objects.exclude(body="")
    answers.update(status=410, body="", headers={})


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0008_fieldwork"),
    ]

    operations = [
        migrations.RunPython(forget_answers, migrations.RunPython.noop),
        migrations.AddField(
            model_name="answeredrequest",
            name="programme",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="programmes.programme"
            ),
        ),
        migrations.AddField(
            model_name="answeredrequest",
            name="sight",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="programme",
            name="redactions",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
