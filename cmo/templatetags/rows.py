"""Owns how statements stand in a list, and themes in a picker: the parts of a page that are there by the hundred.

Each is put together as one string, as a template would look up some forty names for every row of it.
"""

from collections.abc import Collection, Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from cmo.reading.statements import StatementRow
from cmo.templatetags.theory import row_words, state_badge, theme_chip, theory
from cmo.templatetags.weighed import stances_said, tally
from cmo.vocabulary import State

register = template.Library()


@register.simple_tag(takes_context=True)
def statement_rows(
    context: dict[str, Any],
    rows: Iterable[StatementRow],
    pick: bool = False,
    picked: Collection[str] = (),
    refocus: bool = False,
) -> SafeString:
    """Statements as items of a list, each with its words, themes and acts; `pick` gives each a box, ticked in `picked`.

    `refocus` marks the number as the place where focus goes. Asks the context for programme, may and drafted.
    """
    slug, may = context["programme"].slug, context["may"]
    drafted = context.get("drafted") or ()
    say = {name: escape(said) for name, said in row_words().items()}
    base = reverse("statement", args=[slug, 1]).removesuffix("1")
    sees = bool(context.get("sees_evidence"))
    acts = [
        (key, say[word], reverse(name, args=[slug, 1]).removeprefix(f"{base}1"))
        for key, word, name, allowed in (
            ("e", "edit", "statement-edit", may["write"]), ("p", "propose", "statement-propose", may["propose"])
        )
        if allowed
    ]  # fmt: skip
    comments = bool(may["comment"])
    link = f"{reverse('excerpts-found', args=[slug])}?for=S" if sees and may["evidence"] else ""
    codebook = reverse("codebook", args=[slug])
    focus = " data-autofocus" if refocus else ""
    badges = {str(state): state_badge(state) for state in State}
    shown = []
    for row in rows:
        n, page = str(row.number), f"{base}{row.number}"
        made = f'{say["from"]} {escape((row.phase_title or "").lower())}<span class="vh"> {say["phase"]}</span>'
        phase = f", {made}" if row.phase_title else ""
        box = (
            f'<label class="check stmt__pick"><input type="checkbox" name="pick" value="{row.pick}" form="bulk"'
            f'{" checked" if row.pick in (picked or ()) else ""}>'
            f' <span>{say["pick"]}<span class="vh"> S{n}</span></span></label>'
            if pick
            else ""
        )
        chips = "".join(f"<li>{theme_chip(tag, codebook)}</li>" for tag in row.themes)
        own = [_act(page + to, key, word, n) for key, word, to in acts] if row.state != State.RETIRED else []
        if comments:
            said = f' <span class="n">{row.comments}</span>' if row.comments else ""
            words = f'{say["comment"]}<span class="vh"> S{n}</span>{said}'
            own.append(f'<a href="{page}#text-S{n}" aria-keyshortcuts="c">{words}</a>')
        if link and row.state != State.RETIRED:
            own.append(f'<a href="{link}{n}" aria-keyshortcuts="l">{say["link"]}<span class="vh"> S{n}</span></a>')
        history = f'<a href="{page}#history">{say["history"]}<span class="vh"> {say["of"]} S{n}</span></a>'
        flag = f'<span class="flag">{say["draft"]}</span>' if row.number in drafted else ""
        when = escape(date_format(localtime(row.updated), "j F Y"))
        prio = f'\n      <p class="priority">{say["priority"]}</p>' if row.priority else ""
        shown.append(f"""<li class="stmt" id="s{n}" data-item>
  <article aria-labelledby="s{n}-h">
    <div class="stmt__side">
      <h3 class="stmt__id" id="s{n}-h"><a href="{page}" data-item-link aria-keyshortcuts="o"{focus}><span class="vh">{
        say["statement"]} </span>S{n}</a></h3>
      <p>{badges[row.state]}</p>{prio}
      <p class="quiet xs">{say["v"]}{row.revision}{phase}</p>
      {box}
    </div>
    <div class="stmt__body box">{theory(row.wording, row.parts)}</div>
    <div class="stmt__ev s quiet">
      {_verdict(row, page, say["silent"]) if sees else ""}
      <p>{escape(row.updated_by_name)}</p>
      <p><time datetime="{row.updated_iso}">{when}</time></p>
      {f"<p>{escape(row.cites)}</p>" if row.cites else ""}
    </div>
    <div class="stmt__foot">
      <ul class="chips" aria-label="{say["themes"]}">{chips or f'<li class="quiet s">{say["no_themes"]}</li>'}</ul>
      <p class="stmt__acts">{" ".join(own)} {history} {flag}</p>
    </div>
  </article>
</li>""")
    # Every word in it went through escape().
    return mark_safe("".join(shown))


def _act(page: str, key: str, word: str, n: str) -> str:
    """What is done to a statement where it stands; `word` is escaped already."""
    return (
        f'<a href="{page}" hx-get="{page}" hx-target="closest li" hx-swap="outerHTML" aria-keyshortcuts="{key}">{word}'
        f'<span class="vh"> S{n}</span></a>'
    )


MOST_SITES = 6  # named in a row; the others are a number


def _verdict(row: StatementRow, page: str, silent: str) -> str:
    """What the evidence of a statement amounts to, as a link to it: the word, squares, counts, and the sites, of which
    some say nothing. `silent` is how that is said aloud."""
    found, word = row.evidence, escape(str(row.evidence.weight.label))
    if not found.excerpts:
        return f'<div class="verdict"><p class="verdict__word">{word}</p></div>'
    chips = [f'<span class="site">{escape(name)}</span>' for name in row.heard[:MOST_SITES]]
    left = MOST_SITES - len(chips)
    chips += [f'<span class="site site--none">{escape(name)}<span class="vh"> {silent}</span></span>'
              for name in row.silent[:left]]  # fmt: skip
    more = len(row.heard) + len(row.silent) - len(chips)
    sites = f'<p class="verdict__sites">{" ".join(chips)}{f" +{more}" if more else ""}</p>' if chips else ""
    return (
        f'<div class="verdict"><p class="verdict__word"><a href="{page}#evidence">{word}'
        f'<span class="vh"> S{row.number}</span></a></p>{tally(found)}'
        f'<p class="verdict__n">{escape(stances_said(found))}</p>{sites}</div>'
    )


@register.simple_tag
def picker_themes(themes: Iterable[dict[str, Any]], name: str) -> SafeString:
    """The list of a theme picker: {id, code, name, chosen, category} each as a box to tick, called `name`."""
    shown = []
    for theme in themes:
        code, title = escape(theme["code"]), escape(theme["name"])
        category = f' <span class="hint">{escape(theme["category"])}</span>' if theme.get("category") else ""
        shown.append(
            f'<label class="check" data-code="{code}" data-name="{title}"><input type="checkbox" name="{escape(name)}"'
            f' value="{escape(theme["id"])}"{" checked" if theme["chosen"] else ""}> <span><b>{code}</b> {title}'
            f"{category}</span></label>\n"
        )
    # Every word in it went through escape().
    return mark_safe("".join(shown))
