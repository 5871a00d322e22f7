"""Owns the mails of the app: a request only puts them down; `manage.py deliver` sends them, later if need be, once.

No request waits for a mail server. A mail is claimed by one worker with a conditional UPDATE, sent, then marked as sent
and emptied. One that could not be sent is tried again after 1, 2, 4 … minutes, at most every 6 hours, for a week. A
worker that dies between sending and marking leaves its claim behind; after CLAIM another takes it, and the mail keeps
its Message-ID, by which a mail program knows that it has it already.

Secrets are never stored: what is put down holds a mark, from which SECRET_KEY makes the secret when the mail goes.
"""

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from programmes.models import Notice, OutgoingMail, Person
from programmes.reading.notices import address_of, said

CLAIM = timedelta(minutes=10)  # longer than any attempt takes
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP, SWEPT = timedelta(days=7), timedelta(days=30)
DIGEST_HOUR = 6  # of the day, UTC: what came before it goes into the day's mail
MOST_LINES = 50
# Marks of ours stand between these two until a mail is put down: no text that somebody typed passes the gate with them.
_OPENS, _CLOSES = "\x02", "\x03"
HOME = f"{_OPENS}home{_CLOSES}"  # in a text: where people find this server, known when it is sent
# Marks as they are stored; a brace that somebody typed is a mark too, so that it never makes another.
_BRACE = "{brace}"
_MARK = re.compile(r"\{(?:(home)|(brace)|secret:([A-Za-z0-9_-]{32,64}))\}")
log = logging.getLogger(__name__)  # without addresses and subjects


def new_secret() -> tuple[str, str]:
    """(mark to put into a text, the secret that it becomes when the mail is sent)."""
    nonce = secrets.token_urlsafe(32)
    return f"{_OPENS}secret:{nonce}{_CLOSES}", _secret(nonce)


def _secret(nonce: str) -> str:
    return salted_hmac("a secret in a mail", nonce, algorithm="sha256").hexdigest()


def put_mail(*, to: str, subject: str, text: str, at: datetime | None = None) -> OutgoingMail:
    """Put a mail down, to be sent once the transaction of what it tells is through. `text` may hold HOME and marks."""
    now = at or timezone.now()
    text = text.replace("{", _BRACE).replace(_OPENS, "{").replace(_CLOSES, "}")
    return OutgoingMail.objects.create(to=to, subject=subject, text=text, created=now, due=now)


# ---- notices become mails


def put_notices(now: datetime | None = None) -> int:
    """Put down the mails for notices that nobody was mailed yet; how many mails.

    One mail a person: for those who want them at once with all that is new, for those who want them daily with what
    came before DIGEST_HOUR. What was read meanwhile, and what somebody no longer belongs to, is in none.
    """
    now = now or timezone.now()
    until = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    until = until if until <= now else until - timedelta(days=1)
    waiting = Notice.objects.filter(mailed=None)
    due = Q(person__mails=Person.Mails.AT_ONCE) | Q(person__mails=Person.Mails.OFF) | Q(at__lt=until)
    people = waiting.filter(due).order_by("person").values_list("person", flat=True).distinct()
    return sum(_put_for(person, until, now) for person in list(people))


@transaction.atomic
def _put_for(person_id: int, until: datetime, now: datetime) -> int:
    """Mark what waits for one person as mailed, and put the one mail down; 0 where there is nothing to say."""
    person = Person.objects.get(pk=person_id)
    waiting = Notice.objects.filter(person=person, mailed=None).order_by("at", "pk")
    if person.mails == Person.Mails.DAILY:
        waiting = waiting.filter(at__lt=until)
    if connection.features.has_select_for_update:  # of two workers the second finds nothing left
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    keys = list(waiting.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=keys).update(mailed=now)
    told = Notice.objects.filter(pk__in=keys, read=None, programme__memberships__person=person)
    notices = list(told.select_related("programme").order_by("programme__slug", "at", "pk"))
    if not notices or person.mails == Person.Mails.OFF or not person.email or not person.is_active:
        return 0
    lines = [(said(notice), address_of(notice)) for notice in notices[:MOST_LINES]]
    shown = {"person": person, "lines": lines, "more": len(notices) - len(lines), "home": HOME}
    subject = ngettext("Tybed: %(n)s thing waits for you", "Tybed: %(n)s things wait for you", len(notices))
    put_mail(
        to=person.email,
        subject=subject % {"n": len(notices)},
        text=render_to_string("programmes/mail_notices.txt", shown),
        at=now,
    )
    return 1


# ---- mails go


def deliver(*, home: str = "", now: datetime | None = None) -> tuple[int, int]:
    """Put down what notices ask for, then send all that is due: (sent, left for later).

    `home` is where people find the server, for a local first look without PUBLIC_URL. Never raises for a mail that
    does not go. `now` is the time of a test.
    """
    put_notices(now)
    sent = failed = 0
    for key in _due(now or timezone.now()):
        mail = _claim(key, now or timezone.now())
        if mail is None:
            continue
        if _send(mail, home or settings.PUBLIC_URL):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _waiting(now: datetime) -> Q:
    free = Q(taken=None) | Q(taken__lt=now - CLAIM)
    return Q(sent=None, due__lte=now) & free & ~Q(text="")


def _due(now: datetime) -> list[int]:
    return list(OutgoingMail.objects.filter(_waiting(now)).order_by("due", "pk").values_list("pk", flat=True))


def _claim(key: int, now: datetime) -> OutgoingMail | None:
    """The mail, when nobody else has it."""
    if not OutgoingMail.objects.filter(_waiting(now), pk=key).update(taken=now):
        return None
    return OutgoingMail.objects.get(pk=key)


def _send(mail: OutgoingMail, home: str) -> bool:
    """One attempt; afterwards the mail is marked as sent and emptied, or due again later, or given up."""
    mine = OutgoingMail.objects.filter(pk=mail.pk, taken=mail.taken)
    try:
        _message(mail, home).send()
    except Exception as error:  # whatever a mail server does, the others' mails go on
        log.warning("A mail was not sent (try %s): %s", mail.tries + 1, type(error).__name__)
        wait = min(FIRST_WAIT * 2 ** min(mail.tries, 20), LONGEST_WAIT)
        now = mail.taken or timezone.now()
        late = {"text": ""} if now - mail.created > GIVEN_UP else {}
        mine.update(taken=None, tries=mail.tries + 1, due=now + wait, **late)
        return False
    mine.update(sent=timezone.now(), taken=None, text="")
    return True


def _message(mail: OutgoingMail, home: str) -> EmailMessage:
    text = _MARK.sub(lambda found: home if found[1] else "{" if found[2] else _secret(found[3]), mail.text)
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    name = hashlib.sha256(f"{mail.pk} {mail.created.isoformat()}".encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, text, to=[mail.to], headers=headers)


def forget_old_mails(now: datetime | None = None) -> int:
    """Drop mails that went, or were given up, more than a month ago; the nightly `tidy` calls it."""
    old = (now or timezone.now()) - SWEPT
    return OutgoingMail.objects.filter(Q(sent__lt=old) | Q(created__lt=old - GIVEN_UP, text="")).delete()[0]
