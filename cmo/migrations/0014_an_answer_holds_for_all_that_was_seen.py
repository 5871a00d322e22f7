import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models


def seen(one, cited):
    """The digest of the second form: not of the changes alone, but of title, reason and evidence too."""
    said = {"form": 2, "changes": one.content, "title": one.title, "reason": one.reason, "cites": sorted(cited)}
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def let_go_what_was_not_seen(apps, schema_editor):
    """Answers that hold by a digest of the first form go on holding: that stays as it is until something is changed.

    Where the reason or the title was changed since one of them, or evidence was cited, that was not seen. Such a
    proposal gets a digest of its own, and all who answered it are asked once more.
    """
    proposals = apps.get_model("cmo", "Proposal").objects
    log = apps.get_model("programmes", "AuditEvent").objects.filter(verb="evidence cited")
    ask = apps.get_model("programmes", "Notice").objects
    for one in list(proposals.filter(state__in=("open", "withdrawn")).prefetch_related("rounds", "reviews")):
        said = {row.number: (row.title, row.reason) for row in one.rounds.all()}
        answers = {row.reviewer_id: row for row in one.reviews.all() if row.seen == one.seen}  # the last of each
        cited = log.filter(programme_id=one.programme_id, record=f"P{one.number}").order_by("-number").first()
        if all(
            said.get(row.round) == (one.title, one.reason) and not (cited and cited.at > row.at)
            for row in answers.values()
        ):
            continue
        rows = one.citations.values_list("excerpt__uid", "bearing__uid")
        proposals.filter(pk=one.pk).update(seen=seen(one, [str(excerpt or bearing) for excerpt, bearing in rows]))
        for person in answers if one.state == "open" else ():
            ask.get_or_create(
                person_id=person, programme_id=one.programme_id, event=f"P{one.number} round {one.round} again",
                defaults={
                    "kind": "proposal", "on": f"P{one.number}", "path": f"proposals/{one.number}",
                    "by_id": one.author_id, "at": one.updated,
                },
            )


class Migration(migrations.Migration):

    dependencies = [
        ('cmo', '0013_coauthors_agree'),
        ('programmes', '0008_fieldwork'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoundCites',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('labels', models.JSONField(default=list)),
                ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cited', to='cmo.proposalround')),
            ],
        ),
        migrations.RunPython(let_go_what_was_not_seen, migrations.RunPython.noop),
    ]
