"""Owns the limit of guesses: 10 in any 5 minutes at one thing, counted for all workers together, in the database.

A try is counted before it is made, under a lock: of many sent at once, ten are let through. One that is refused does
not count, so that nobody's wait grows by knocking; one that was right is given back.
"""

import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from programmes.models import Tries

MOST = 10
WITHIN = timedelta(minutes=5)
# What is counted, each for itself; INVITATION is a link that is tried, INVITED an address that mails go to.
PASSWORD, RESET, MEMBER, INVITATION, INVITED = "password", "reset", "member", "invitation", "invited"


def take_try(what: str, who: str) -> int | None:
    """Count a try at `what` on `who` (a name, in any case). Answers its mark, or None when it may not be made now.

    Call it outside of the transaction that a refusal takes back: the count would go with it.
    """
    now = time.time_ns() // 1_000_000
    key = _key(what, who)
    with transaction.atomic():
        recent = [at for at in _held(key) if at > now - WITHIN // timedelta(milliseconds=1)]
        if len(recent) >= MOST:
            return None
        _keep(key, [*recent, now])
    return now


def give_back(what: str, who: str, mark: int) -> None:
    """Take back the try that `take_try` answered: it was no wrong guess."""
    key = _key(what, who)
    with transaction.atomic():
        held = _held(key)
        if mark in held:
            held.remove(mark)
        _keep(key, held)


def forget_tries(what: str, who: str) -> None:
    """Begin to count anew, as after a new password."""
    Tries.objects.filter(key=_key(what, who)).delete()


def forget_old_tries() -> int:
    """Drop counts that nothing was added to for a day; the nightly `tidy` calls it."""
    return Tries.objects.filter(last__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _key(what: str, who: str) -> str:
    whole = f"{what} {who.strip().casefold()}".encode("utf-8", "surrogatepass")  # it is counted before the gate
    return salted_hmac("tries", whole, algorithm="sha256").hexdigest()


def _held(key: str) -> list[int]:
    """The times kept under `key`, oldest first; nobody else reads or writes them until this transaction ends."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO programmes_tries (key, times, last) VALUES (%s, '', %s)"
            " ON CONFLICT (key) DO UPDATE SET last = excluded.last RETURNING times",
            [key, now],
        )
        return [int(at) for at in cursor.fetchone()[0].split()]


def _keep(key: str, times: list[int]) -> None:
    Tries.objects.filter(key=key).update(times=" ".join(map(str, times)))
