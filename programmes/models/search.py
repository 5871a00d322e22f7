"""Owns what a search finds: a copy of each record's words, and the vocabulary of each programme.

Everything here can be made anew from the records (`manage.py reindex`).
"""

from django.db import models

from programmes.models.programme import Programme


class SearchDocument(models.Model):
    """What can be found of one record, whatever its kind. Written by rules/indexing.py alone.

    `words` is what the databases index (programmes/search_index.py): signs of its programme, kind and state, then the
    stems of label and title, ranking.BREAK, and the stems of the body, in order.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()  # of the record in its own table
    at = models.CharField(max_length=60)  # what names the record in an address
    label = models.CharField(max_length=60, blank=True)  # what people call it: S7, O3.10
    label_folded = models.CharField(max_length=60, blank=True)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    retired = models.BooleanField(default=False)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_search_document_per_record")]
        indexes = [
            models.Index(fields=["programme", "retired", "id"], name="search_newest_first"),
            models.Index(fields=["programme", "label_folded"], name="search_by_label"),
        ]


class SearchWord(models.Model):
    """A word that stands somewhere in a programme, folded; pieces of words are looked up here."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "word"], name="search_word_once_per_programme")]
