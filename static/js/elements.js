// Owns the writing of elements in a configuration's form: what is like the line being typed, its place, how strongly it fires.
const PAUSE = 250;
const FIRES = ["", "dormant", "weak", "moderate", "strong"];
const FIRES_AT_END = /\s*\[\s*(dormant|weak|moderate|strong)\s*\]\s*$/i;

export function bind(fieldset) {
  const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), fieldset.dataset[name] ?? "");
  const announce = (text) => document.dispatchEvent(new CustomEvent("said", { detail: text }));
  fieldset.querySelectorAll("textarea[data-lines]").forEach((field) => tools(field, { say, announce, address: fieldset.dataset.elements }));
}

function tools(field, { say, announce, address }) {
  const bar = Object.assign(document.createElement("div"), { className: "slot__tools" });
  const list = Object.assign(document.createElement("div"), { className: "suggest" });
  const label = field.closest(".slot").querySelector("label").textContent.trim();
  const button = (text, step) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: text });
    made.append(Object.assign(document.createElement("span"), { className: "vh", textContent: ` (${label})` }));
    made.addEventListener("click", () => move(step));
    return made;
  };
  bar.append(button(say("sayUp"), -1), button(say("sayDown"), 1));
  let fires = null;
  if (field.hasAttribute("data-fires")) {
    const name = Object.assign(document.createElement("label"), { textContent: `${say("sayFires")} ` });
    fires = Object.assign(document.createElement("select"), { className: "field__input field__input--s" });
    fires.append(...FIRES.map((value) => Object.assign(document.createElement("option"), { value, textContent: value || "–" })));
    fires.addEventListener("change", () => {
      const { text } = line();
      replaceLine(`${text.replace(FIRES_AT_END, "")}${fires.value ? ` [${fires.value}]` : ""}`);
    });
    name.append(fires);
    bar.append(name);
  }
  field.after(bar, list);

  const lines = () => field.value.split("\n");
  // where the cursor last stood: a button pressed has taken the focus, not the place
  function line() {
    const at = field.value.slice(0, field.selectionStart).split("\n").length - 1;
    return { at, text: lines()[at] ?? "" };
  }
  function place(at) {
    const end = lines().slice(0, at + 1).join("\n").length;
    field.setSelectionRange(end, end);
  }
  function write(all, at) {
    field.value = all.join("\n");
    place(at);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function replaceLine(text) {
    const { at } = line();
    const all = lines();
    all[at] = text;
    write(all, at);
  }
  function move(step) {
    const { at } = line();
    const all = lines();
    const to = at + step;
    if (to < 0 || to >= all.length) return;
    [all[at], all[to]] = [all[to], all[at]];
    write(all, to);
    announce(say("sayMoved", { n: to + 1 }));
  }

  let timer = 0;
  let stopper = new AbortController();
  async function ask() {
    const text = line().text.replace(FIRES_AT_END, "").trim();
    stopper.abort();
    if (text.length < 3 || /^E ?\d+\b/i.test(text)) {
      list.replaceChildren();
      return;
    }
    stopper = new AbortController();
    try {
      const query = new URLSearchParams({ text: text.slice(0, 400), role: field.dataset.lines });
      const answer = await fetch(`${address}?${query}`, { headers: { "X-Requested-With": "fetch" }, credentials: "same-origin", redirect: "error", signal: stopper.signal });
      if (!answer.ok) return;
      list.innerHTML = await answer.text(); // escaped by the server; scripts in it would not run
      const found = list.querySelectorAll("button");
      if (found.length) announce(say("sayFound", { n: found.length }));
    } catch {
      list.replaceChildren(); // no suggestions is no trouble: what is typed stays
    }
  }
  field.addEventListener("focusout", () => clearTimeout(timer));
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  const follow = () => {
    if (fires && document.activeElement === field) fires.value = (line().text.match(FIRES_AT_END)?.[1] ?? "").toLowerCase();
  };
  for (const type of ["keyup", "click", "input"]) field.addEventListener(type, follow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list.querySelector("button")) { // closes the suggestions, not the form
      event.preventDefault();
      list.replaceChildren();
    }
    // from the line that suggestions were asked for, down goes into them, as in other pickers
    if (event.key === "ArrowDown" && !event.shiftKey && !event.ctrlKey && !event.metaKey && list.querySelector("button")) {
      event.preventDefault();
      list.querySelector("button").focus();
    }
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("button[data-line]");
    if (!chosen) return;
    const strength = line().text.match(FIRES_AT_END)?.[1];
    replaceLine(`${chosen.dataset.line.replace(/\s+/g, " ")}${strength ? ` [${strength}]` : ""}`);
    list.replaceChildren();
    field.focus();
    announce(say("sayTaken", { label: chosen.dataset.label }));
  });
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault();
      list.replaceChildren();
      field.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) field.focus();
      else all[Math.min(next, all.length - 1)].focus();
    }
  });
}
