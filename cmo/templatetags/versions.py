"""Owns how the history of a statement stands on its page: each revision with what it changed, and the two lists of
revisions to compare.

Put together as strings, as in rows: a template would look up some sixty names for every revision.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cmo.reading.history import Version
from cmo.reading.statements import StatementRow, Tag
from cmo.reading.verdicts import resting_on
from cmo.templatetags.discussing import with_links
from cmo.templatetags.theory import change_said, run_in, words
from cmo.vocabulary import State

register = template.Library()


@register.simple_tag
def version_options(numbers: Iterable[int], chosen: Any) -> SafeString:
    """The options of a list of revisions; `chosen` is the number of the one that is selected, if any."""
    # Numbers alone.
    return mark_safe("".join(f"<option{' selected' if n == chosen else ''}>{n}</option>" for n in numbers))


@register.simple_tag(takes_context=True)
def versions(context: dict[str, Any], history: Iterable[Version], row: StatementRow) -> SafeString:
    """Revisions as items of a list: what changed and why, and the acts on the older ones.

    Asks the context for programme, may, direct, nonce and csrf_token.
    """
    restore = _restoring(context, row)
    stuck_at = context.get("stuck", {}).get("n")  # the version of which a restore was just refused
    stuck = _restore_form(context, row, context["stuck"]) if stuck_at else ""
    compare, reason = _("Compare version %(n)s with now"), escape(_("Why"))
    titles: dict[str, str] = {}  # few people and phases, many revisions
    shown = []
    for version in history:
        revision, n = version.revision, version.revision.number
        acts = ""
        if n != row.revision:
            link = f'<a href="?from={n}&amp;to={row.revision}#compare">{escape(compare % {"n": n})}</a>'
            turn = stuck if n == stuck_at else restore.replace("{n}", str(n))
            acts = f'<div class="acts s">{link}\n{turn}</div>'
        agreed = context.get("agreed", {}).get(n)
        if agreed is not None:
            acts = _agreed(agreed, context["programme"].slug) + acts
        said = with_links(revision.reason, context.get("named"))
        why = f'<p class="s"><b>{reason}</b> {said}</p>' if revision.reason else ""
        why += cited(context, n)
        shown.append(f"""<li class="in-margin" id="v{n}">
  {_margin(revision, titles)}
  <div>
    {_changed(version)}
    {why}
    {acts}
  </div>
</li>""")
    # Every word in it went through escape().
    return mark_safe("\n".join(shown))


@register.simple_tag(takes_context=True)
def cited(context: dict[str, Any], n: int) -> SafeString:
    """What revision `n` cites, as links; `cites` of the context is empty for those who see no evidence."""
    return _rests_on(context["programme"].slug, (context.get("cites") or {}).get(n) or [])


@register.simple_tag(takes_context=True)
def rests(context: dict[str, Any], verdict: Any) -> SafeString:
    """The bearings that a verdict rests on, as links, for those who see evidence."""
    return _rests_on(context["programme"].slug, resting_on(verdict) if context.get("sees_evidence") else [])


def _rests_on(slug: str, labels: Sequence[str]) -> SafeString:
    if not labels:
        return SafeString("")
    views = {"X": "excerpt", "B": "bearing"}
    links = [f'<a href="{reverse(views[one[0]], args=[slug, int(one[1:])])}">{one}</a>' for one in labels]
    # Labels are a letter and digits.
    return mark_safe(f'<p class="s"><b>{escape(_("Rests on"))}</b> {", ".join(links)}</p>')


def _agreed(proposal: Any, slug: str) -> str:
    """Which proposal wrote a revision, who accepted it, and who answered what."""
    words = {"one": proposal, "programme": {"slug": slug}}
    return str(render_to_string("cmo/review/_agreed.html", words))


def _margin(revision: Any, said: dict[str, str]) -> str:
    """What stands beside a revision: its number, what it did, whose it is, when, in which phase."""
    at = localtime(revision.at)
    number = escape(_("Version %(n)s") % {"n": revision.number})
    if revision.change not in said:
        said[revision.change] = escape(change_said(revision.change))
    phase = f"<span>{escape(revision.phase.title)}</span>" if revision.phase else ""
    return (
        f'<div class="margin"><b class="who">{number}</b><span>{said[revision.change]}</span>'
        f"<span>{escape(revision.author.name)}</span>"
        f'<time datetime="{at.isoformat()}">{escape(date_format(at, "j F Y, H:i"))}</time>{phase}</div>'
    )


CAME_BACK = {
    "words": lambda: _("The words of version %(n)s came back."),
    "words_themes": lambda: _("The words and themes of version %(n)s came back."),
    "parts": lambda: _("The parts are marked as in version %(n)s again."),
    "parts_themes": lambda: _("The marked parts and themes of version %(n)s came back."),
    "themes": lambda: _("The themes of version %(n)s came back."),
}


def _changed(version: Version) -> str:
    """What a revision changed against the one before it."""
    revision, before = version.revision, version.before
    found = []
    if version.reworded:
        found.append(f'<p class="diff">{words(version.words)}</p>')
    elif revision.number == 1:
        found.append(f'<p class="diff">{run_in(revision.wording, revision.parts)}</p>')
    if removed_or_added := _tags("del", version.themes_removed) + _tags("ins", version.themes_added):
        found.append(f'<p class="s">{escape(_("Themes"))} {removed_or_added}</p>')
    if before and before.revision.area_id != revision.area_id:
        old, new = (escape(str(one.area or _("none"))) for one in (before.revision, revision))
        found.append(f'<p class="s">{escape(_("Theory area"))} <del>{old}</del> <ins>{new}</ins></p>')
    if revision.restores:
        said = CAME_BACK[version.came_back]() % {"n": revision.restores}
        found.append(f'<p class="s">{escape(said)}</p>')
    return "\n    ".join(found)


def _tags(mark: str, tags: Sequence[Tag]) -> str:
    return "".join(f"<{mark}>{escape(tag.code or tag.name)}</{mark}> " for tag in tags)


def _restoring(context: dict[str, Any], row: StatementRow) -> str:
    """What brings an older revision back, or proposes to, for who may; "{n}" stands for its number."""
    may = context["may"]
    if row.state == State.RETIRED or not may["propose"]:
        return ""
    if may["write"] and context["direct"]:
        return _restore_form(context, row)
    to = reverse("statement-propose-turn", args=[context["programme"].slug, row.number])
    return f'<a href="{to}?revision={{n}}">{escape(_("Propose to restore version %(n)s") % {"n": "{n}"})}</a>'


def _restore_form(context: dict[str, Any], row: StatementRow, stuck: Mapping[str, Any] | None = None) -> str:
    """The form that brings a revision back; "{n}" stands for its number. With `stuck` that of a refused restore."""
    to = reverse("statement-restore", args=[context["programme"].slug, row.number])
    number = str(stuck["n"]) if stuck else "{n}"
    of = {"n": number}
    open_it = escape(_("Restore version %(n)s") % of)
    do_it = escape(_("Bring the words and themes of version %(n)s back") % of)
    hidden = {
        "csrfmiddlewaretoken": context["csrf_token"],
        "nonce": context["nonce"],
        "base": row.revision,
        "revision": number,
    }
    fields = "".join(f'<input type="hidden" name="{key}" value="{escape(str(hidden[key]))}">' for key in hidden)
    error, typed = "", ""
    if stuck:
        said = f'<span class="vh">{escape(_("Error:"))} </span>{escape(stuck["said"])}'
        error = f'<span class="error" id="why-{number}-e">{said}</span>'
        typed = f' value="{escape(stuck["reason"])}" aria-invalid="true" aria-describedby="why-{number}-e"'
    return (
        f'<details class="fold"{" open" if stuck else ""}><summary>{open_it}</summary>\n'
        f'<form method="post" action="{to}" class="stack-s">{fields}\n'
        f'<label class="label s" for="why-{number}">{escape(_("Why"))}</label>{error}'
        f'<input class="field__input" id="why-{number}" name="reason"{typed}>'
        f'<button class="btn btn--s">{do_it}</button></form>\n'
        "</details>"
    )
