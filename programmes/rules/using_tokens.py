"""Owns the note of when a token was last used; not a change of anything, so no audit row."""

from datetime import datetime

from programmes.models import ApiToken


def note_use(token: ApiToken, at: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk).update(last_used=at)
