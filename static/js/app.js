// Owns the start of the page's scripts: loads each behaviour where its data- attribute stands, speaks through #said, keeps focus over htmx swaps.
import "./keyboard.js";

// "now": as soon as the markup is there; "touched": only once somebody comes near it, which keeps the first load small.
const BEHAVIOURS = [
  { mark: "[data-picker]", when: "now", load: () => import("./picker.js") },
  { mark: "[data-conflict]", when: "now", load: () => import("./conflict.js") },
  { mark: "[data-copy]", when: "now", load: () => import("./copy.js") },
  { mark: "form[data-draft]", when: "now", load: () => import("./draft.js") },
  { mark: "[data-elements]", when: "now", load: () => import("./elements.js") },
  { mark: "form[data-preview]", when: "touched", load: () => import("./livediff.js") },
  { mark: "form[data-filter]", when: "touched", load: () => import("./filter.js") },
];
const bound = new WeakMap(); // element → Map of mark → {pending, late}: each behaviour is bound once to each element

function bind(element, behaviour) {
  const marks = bound.get(element) ?? bound.set(element, new Map()).get(element);
  if (!marks.has(behaviour.mark)) {
    const state = { pending: true, late: null };
    marks.set(behaviour.mark, state);
    behaviour.load().then(
      (module) => {
        module.bind(element);
        state.pending = false;
        // what was typed while the module was on its way must not be lost to it
        state.late?.target.dispatchEvent(new Event(state.late.type, { bubbles: true }));
      },
      () => marks.delete(behaviour.mark), // offline just now: the next touch tries again
    );
  }
  return marks.get(behaviour.mark);
}

function bindWithin(root) {
  for (const behaviour of BEHAVIOURS) {
    if (behaviour.when !== "now") continue;
    if (root.matches?.(behaviour.mark)) bind(root, behaviour);
    root.querySelectorAll(behaviour.mark).forEach((element) => bind(element, behaviour));
  }
}

for (const type of ["focusin", "pointerdown", "input", "change"]) {
  document.addEventListener(
    type,
    (event) => {
      for (const behaviour of BEHAVIOURS) {
        const element = behaviour.when === "touched" && event.target.closest?.(behaviour.mark);
        if (!element) continue;
        const state = bind(element, behaviour);
        if (state.pending && (type === "input" || type === "change")) state.late = event;
      }
    },
    true,
  );
}

// ---- what is said: HX-Trigger: {"said": "S2 saved as version 2"}, or any module's CustomEvent("said")
function announce(text) {
  const said = document.getElementById("said");
  if (!said || !text) return;
  said.textContent = "";
  setTimeout(() => (said.textContent = text), 60); // emptied first, so that the same words are read twice
}
document.addEventListener("said", (event) => {
  const said = event.detail?.value ?? event.detail;
  announce(typeof said === "string" ? said : (said?.text ?? ""));
});

// ---- what went wrong on the way to the server, in view and aloud; the sentences come translated from base.html
function trouble(kind, said = "") {
  const place = document.getElementById("trouble");
  if (!place) return;
  const text = said || (kind ? place.dataset[kind] : "");
  place.textContent = text;
  place.hidden = !text;
}
document.addEventListener("htmx:sendError", () => trouble("offline"));
document.addEventListener("htmx:timeout", () => trouble("offline"));
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  const plain = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  trouble({ 403: "refused", 404: "gone", 429: "later" }[status] ?? "broken", status === 503 && plain ? responseText : "");
});
// signed out, or the page is older than the sign-in: sent as a whole page, a form comes back with its words
function signedOut(element) {
  if (element.matches("form[method=post]")) HTMLFormElement.prototype.submit.call(element);
  else trouble("signedOut");
}

// ---- focus: an edit opens in its first field, a swap never drops the reader on <body>
let place = null;

function placeOf(element) {
  const row = element.closest("li, tr") ?? element.closest("article, section");
  const section = element.closest("section") ?? document.getElementById("main");
  return {
    id: element.id,
    row: element.closest("li[id], tr[id]")?.id ?? row?.id,
    neighbours: [row?.nextElementSibling, row?.previousElementSibling],
    heading: section?.querySelector("h1, h2, h3"),
  };
}

function take(element) {
  if (!element) return false;
  const first = element.matches("a[href], button, input, select, textarea, summary")
    ? element
    : element.querySelector(".stmt__id a, a[href], button:not([disabled]), input:not([type=hidden]), textarea");
  const target = first ?? element;
  if (target === element && target.tabIndex < 0) target.tabIndex = -1;
  target.focus();
  return document.activeElement === target;
}

function restore() {
  const was = place;
  place = null;
  if (!was || (document.activeElement && document.activeElement !== document.body)) return;
  const tries = [was.id && document.getElementById(was.id), was.row && document.getElementById(was.row), ...was.neighbours, was.heading];
  for (const element of tries) if (element?.isConnected && take(element)) return;
  document.getElementById("main")?.focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (xhr.status === 401) {
    event.detail.isError = false; // a way back is offered instead
    signedOut(event.detail.requestConfig.elt);
    return;
  }
  const answered = xhr.responseURL && new URL(xhr.responseURL).pathname;
  if (answered && answered === document.getElementById("trouble")?.dataset.signIn) {
    event.detail.shouldSwap = false; // the session ended: the words on the page stay, the sign-in page must not replace them
    trouble("signedOut");
    return;
  }
  if (event.detail.shouldSwap || xhr.status < 400) trouble("");
  const active = document.activeElement;
  if (event.detail.shouldSwap && active && active !== document.body && target.contains(active)) place = placeOf(active);
});
document.addEventListener("htmx:afterSettle", (event) => {
  const root = event.target;
  const wanted = root.matches?.("[data-autofocus]") ? root : root.querySelector?.("[data-autofocus]");
  if (!wanted) return;
  place = null;
  if (wanted.tabIndex < 0) wanted.tabIndex = -1;
  wanted.focus();
  wanted.removeAttribute("data-autofocus"); // once: a later swap around it must not pull focus back
});
document.addEventListener("htmx:afterOnLoad", () => setTimeout(restore, 60)); // after settling, and after a deleted row
document.addEventListener("htmx:load", (event) => bindWithin(event.detail.elt));

// ---- words that no draft keeps: a page is not left, by a link or by another of its forms, before somebody says so
let sent = null;

function unsent(form) {
  if (form === sent || form.method !== "post" || form.matches("[data-draft]")) return false;
  const cameBack = form.querySelector('[aria-invalid="true"], .problem'); // refused: its words are on this page alone
  return [...form.elements].some(
    (control) => control.matches('textarea, input[name$="reason"], input[name="title"]') && control.value.trim() && (cameBack || control.value !== control.defaultValue),
  );
}

document.addEventListener("submit", (event) => (sent = event.defaultPrevented ? sent : event.target));
window.addEventListener("pageshow", () => (sent = null));
window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("main form")].some(unsent)) event.preventDefault();
});

bindWithin(document);
announce([...document.querySelectorAll("[data-said]")].map((note) => note.textContent.trim()).join(" "));
document.querySelector("main [data-autofocus]")?.focus(); // a whole page that came back with errors, or with a conflict
