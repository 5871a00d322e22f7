// Owns the keyboard: single letters drawn from aria-keyshortcuts, j k through the statements, Ctrl+Enter, Escape, g + letter.
const ITEM = "li.stmt, [data-item]";
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range], [type=color])";
let cameFrom = null; // what had focus before the list of shortcuts
let going = 0; // until when a letter after "g" names a section

const shown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const find = (root, selector) => [...root.querySelectorAll(selector)].find(shown);
const letters = (key) => `[aria-keyshortcuts~="${CSS.escape(key)}"]`;

function activate(element) {
  if (!element) return false;
  element.focus(); // before the click: what the click opens may move focus on, and what it removes is remembered by app.js
  if (!element.matches(TYPING)) element.click();
  else element.select?.();
  return true;
}

function focusItem(item) {
  const number = item.querySelector(".stmt__id a, [data-item-link]") ?? item.querySelector(".stmt__id, a[href]") ?? item;
  if (!number.matches("a[href], button")) number.tabIndex = -1; // the number of a statement being edited is no link
  number.focus();
  number.scrollIntoView({ block: "nearest" });
}

function move(step, current) {
  const items = [...document.querySelectorAll(ITEM)].filter(shown);
  if (!items.length) return false;
  const at = items.indexOf(current);
  let next = at + step;
  if (at < 0) next = step > 0 ? 0 : items.length - 1;
  focusItem(items[Math.min(Math.max(next, 0), items.length - 1)]);
  return true;
}

function closeKeys(details) {
  details.open = false;
  if (cameFrom?.isConnected && cameFrom !== document.body) cameFrom.focus();
  else document.activeElement.blur();
}

function help() {
  const details = find(document, "details.keys");
  if (details) {
    if (details.open) closeKeys(details);
    else {
      cameFrom = document.activeElement;
      details.open = true;
      details.querySelector("summary").focus();
    }
    return true;
  }
  const list = document.getElementById("keys");
  if (!list?.togglePopover) return false;
  if (list.togglePopover()) list.focus();
  return true;
}

// the themes of a statement: the box that finds them, in its edit, which is opened first where it is not
function themes(item) {
  const box = () => find(document.getElementById(item.id) ?? item, "[data-picker-find] input");
  if (box()) return activate(box());
  const edit = find(item, letters("e"));
  if (!edit || !window.htmx) return activate(edit);
  document.addEventListener("htmx:afterSettle", () => setTimeout(() => box()?.focus()), { once: true }); // after app.js
  return activate(edit);
}

function letter(key, current) {
  if (going > Date.now()) {
    going = 0;
    const section = document.querySelector(`[data-goto="${CSS.escape(key)}"]`);
    if (section) section.click(); // not focused: in a closed menu it could not be
    return Boolean(section);
  }
  const own = current && find(current, letters(key));
  if (own) return activate(own);
  if (key === "j" || key === "k") {
    if (move(key === "j" ? 1 : -1, current)) return true;
  }
  if (key === "o" && current) return activate(find(current, ".stmt__id a, [data-item-link]"));
  if (key === "t" && current) return themes(current);
  if (key === "?") return help();
  if (key === "g") {
    going = Date.now() + 1500;
    return true;
  }
  // of the page itself, never of a statement that is not the current one
  // in its main part before its head: "/" goes to the filter of a list where there is one
  const pages = [...document.querySelectorAll(letters(key))].filter((element) => shown(element) && !element.closest(ITEM));
  const page = pages.find((element) => element.closest("main")) ?? pages[0];
  if (page) return activate(page);
  if (key === "/") return activate(find(document, "[data-filter] input[type=search], [role=search] input"));
  if (key === "n") return activate(find(document, "[data-new]"));
  return false;
}

function allowed(event, active) {
  const mode = document.body.dataset.keys || "focus";
  if (mode === "off" || event.ctrlKey || event.metaKey) return false;
  if (mode === "alt") return event.altKey;
  if (event.altKey) return false;
  return active === document.body || active.id === "main" || Boolean(active.closest("[data-list], details.keys")) || going > Date.now();
}

function named(event) {
  // with Alt some keyboards write another sign; the place of the key still names the letter
  if (event.altKey && /^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
  if (event.altKey && event.code === "Slash") return event.shiftKey ? "?" : "/";
  return event.shiftKey || event.key.length > 1 ? event.key : event.key.toLowerCase(); // caps lock is not meant
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const active = document.activeElement ?? document.body;

  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = active.closest("form");
    if (!form || form.method === "get" || event.repeat) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-go]:not(:disabled), .btn--go:not(:disabled)"));
    return;
  }
  if (event.key === "Escape") {
    if (document.querySelector("[popover]:popover-open, dialog[open]")) return; // Escape closes that first
    const keys = active.closest("details.keys[open]");
    if (keys) {
      closeKeys(keys);
      return;
    }
    if (active.matches("[data-filter] input[type=search]")) { // its words stay; from here on j and k work
      event.preventDefault();
      if (!move(1, null)) document.getElementById("main").focus();
      return;
    }
    const stop = active.closest("form")?.querySelector("[data-stop]");
    if (!stop) return;
    event.preventDefault();
    stop.click();
    return;
  }
  if (active.matches(TYPING) || event.repeat && !/^[jk]$/.test(event.key)) return;
  const key = named(event);
  if (key.length !== 1 || !allowed(event, active)) return;
  if (letter(key, active.closest(ITEM))) event.preventDefault();
});
