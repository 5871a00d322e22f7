from itertools import islice

from django.db import migrations

from programmes.lexing import fold, words_of
from programmes.ranking import indexed

CHUNK = 500


def _themes(apps):
    for theme in apps.get_model("programmes", "Theme").objects.order_by("pk").iterator(CHUNK):
        texts = (theme.definition, theme.use_when, theme.not_when, theme.example)
        body = "\n\n".join(text for text in texts if text)
        yield theme, "theme", theme.code or str(theme.uid), theme.code, theme.name, body, theme.retired


def _statements(apps):
    for statement in apps.get_model("cmo", "Statement").objects.order_by("pk").iterator(CHUNK):
        retired = statement.state == "retired"
        yield statement, "statement", str(statement.number), f"S{statement.number}", "", statement.wording, retired


def tell(apps, schema_editor):
    """Let the records of before be found; as programmes/rules/indexing.py has it, which `manage.py reindex` follows."""
    documents = apps.get_model("programmes", "SearchDocument").objects
    vocabulary = apps.get_model("programmes", "SearchWord")
    words = {}
    for records in (_themes(apps), _statements(apps)):
        while chunk := list(islice(records, CHUNK)):
            documents.bulk_create(_document(documents.model, words, *row) for row in chunk)
    for programme, said in words.items():
        new = (vocabulary(programme_id=programme, word=word) for word in sorted(said))
        vocabulary.objects.bulk_create(new, CHUNK)


def _document(model, words, record, kind, at, label, title, body, retired):
    said = words.setdefault(record.programme_id, set())
    said.update(word for text in (title, body) for _start, _end, word in words_of(text) if not word.isdecimal())
    signs = [f"_p{record.programme_id}{'r' if retired else 'a'}", f"_k{kind}"]
    return model(
        programme_id=record.programme_id, kind=kind, key=record.pk, at=at, label=label, label_folded=fold(label)[:60],
        title=title, body=body, retired=retired, words=indexed(signs, (label, title), body),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('cmo', '0003_elements_and_configurations'),
        ('programmes', '0004_search'),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
