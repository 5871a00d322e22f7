from django.db import migrations, models

WROTE = ("proposal drafted", "proposal rewritten", "proposal sent", "proposal revised")


def keep_who_wrote(apps, schema_editor):
    """Whoever wrote at a proposal has shown that they are its author; of what is decided, all stay as they were."""
    log = apps.get_model("programmes", "AuditEvent").objects
    for one in apps.get_model("cmo", "CoAuthor").objects.select_related("proposal").iterator():
        on = one.proposal
        acts = log.filter(programme_id=on.programme_id, record=f"P{on.number}", verb__in=WROTE, actor_id=one.person_id)
        if on.state in ("accepted", "refused") or acts.exists():
            one.agreed = on.decided or on.updated
            one.save(update_fields=["agreed"])


class Migration(migrations.Migration):

    dependencies = [
        ('cmo', '0012_an_excerpt_may_be_withdrawn'),
        ('programmes', '0008_fieldwork'),
    ]

    operations = [
        migrations.AddField(
            model_name='coauthor',
            name='agreed',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(keep_who_wrote, migrations.RunPython.noop),
    ]
