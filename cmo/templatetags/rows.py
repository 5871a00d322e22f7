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
    slug, writes = context["programme"].slug, context["may"]["write"]
    drafted = context.get("drafted") or ()
    say = {name: escape(said) for name, said in row_words().items()}
    base = reverse("statement", args=[slug, 1]).removesuffix("1")
    to_edit = reverse("statement-edit", args=[slug, 1]).removeprefix(f"{base}1")
    codebook = reverse("codebook", args=[slug])
    focus = " data-autofocus" if refocus else ""
    badges = {str(state): state_badge(state) for state in State}
    shown = []
    for row in rows:
        n, page = str(row.number), f"{base}{row.number}"
        phase = f', {escape(row.phase_title.lower())}<span class="vh"> {say["phase"]}</span>' if row.phase_title else ""
        box = (
            f'<label class="check stmt__pick"><input type="checkbox" name="pick" value="{row.pick}" form="bulk"'
            f'{" checked" if row.pick in (picked or ()) else ""}>'
            f' <span>{say["pick"]}<span class="vh"> S{n}</span></span></label>'
            if pick
            else ""
        )
        chips = "".join(f"<li>{theme_chip(tag, codebook)}</li>" for tag in row.themes)
        edit = (
            f'<a href="{page}{to_edit}" hx-get="{page}{to_edit}" hx-target="closest li" hx-swap="outerHTML"'
            f' aria-keyshortcuts="e">{say["edit"]}<span class="vh"> S{n}</span></a>'
            if writes and row.state != State.RETIRED
            else ""
        )
        history = f'<a href="{page}#history">{say["history"]}<span class="vh"> {say["of"]} S{n}</span></a>'
        flag = f'<span class="flag">{say["draft"]}</span>' if row.number in drafted else ""
        when = escape(date_format(localtime(row.updated), "j F Y"))
        shown.append(f"""<li class="stmt" id="s{n}" data-item>
  <article aria-labelledby="s{n}-h">
    <div class="stmt__side">
      <h3 class="stmt__id" id="s{n}-h"><a href="{page}" data-item-link aria-keyshortcuts="o"{focus}><span class="vh">{
        say["statement"]} </span>S{n}</a></h3>
      <p>{badges[row.state]}</p>
      <p class="quiet xs">{say["v"]}{row.revision}{phase}</p>
      {box}
    </div>
    <div class="stmt__body box">{theory(row.wording, row.parts)}</div>
    <div class="stmt__ev s quiet">
      <p>{escape(row.updated_by_name)}</p>
      <p><time datetime="{row.updated_iso}">{when}</time></p>
      {f"<p>{escape(row.cites)}</p>" if row.cites else ""}
    </div>
    <div class="stmt__foot">
      <ul class="chips" aria-label="{say["themes"]}">{chips or f'<li class="quiet s">{say["no_themes"]}</li>'}</ul>
      <p class="stmt__acts">{edit} {history} {flag}</p>
    </div>
  </article>
</li>""")
    # Every word in it went through escape().
    return mark_safe("".join(shown))


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
