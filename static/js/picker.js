// Owns the theme picker: chips of the chosen themes and a box that narrows the list of checkboxes; without it the list stands alone.
// as a row of the list has them: by code, O3.10 after O3.9, and themes without one last
const NATURAL = new Intl.Collator("en", { numeric: true });
const inOrder = (one, other) => !one.code - !other.code || NATURAL.compare(one.code || one.words, other.code || other.words);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The form for a theme that is not there: its fields are filled from what was looked for, and sent beside the statement. */
function bindAdding(picker, say, taken) {
  const button = picker.querySelector("[data-picker-add]");
  const fold = button?.closest("details");
  if (!fold || !picker.dataset.add) return null;
  const refused = fold.querySelector("[data-picker-refused]");
  const field = (name) => fold.querySelector(`[name=new-${name}]`);
  const offered = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", hidden: true });
  picker.querySelector("[data-picker-said]").after(offered);
  offered.addEventListener("click", () => {
    const words = offered.dataset.words;
    const isCode = /^[a-z]{1,4}\d+(\.\d+)*$/i.test(words);
    fold.open = true;
    field("code").value = isCode ? words.toUpperCase() : "";
    field("name").value = isCode ? "" : words;
    field(isCode ? "name" : "code").focus();
  });

  async function add() {
    const body = new URLSearchParams(["code", "name", "under"].map((name) => [`new-${name}`, field(name).value]));
    const token = picker.closest("form")?.elements.csrfmiddlewaretoken?.value ?? "";
    button.disabled = true;
    try {
      const answer = await fetch(picker.dataset.add, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" }, credentials: "same-origin", redirect: "error" });
      const text = await answer.text();
      if (!answer.ok) {
        refused.textContent = answer.status === 422 || answer.status === 503 ? text : say("sayFailed", "Nothing was added");
        return;
      }
      const holder = document.createElement("div");
      holder.innerHTML = text; // escaped by the server; scripts in it never run
      const title = taken(holder.querySelector("label"));
      refused.textContent = "";
      ["code", "name", "under"].forEach((name) => (field(name).value = ""));
      fold.open = false;
      document.dispatchEvent(new CustomEvent("said", { detail: say("sayAdded", "{theme} is added").replace("{theme}", title) }));
    } catch {
      refused.textContent = say("sayFailed", "Nothing was added");
    } finally {
      button.disabled = false;
    }
  }
  button.addEventListener("click", (event) => {
    event.preventDefault(); // the statement stays as it is being written
    add();
  });
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    event.stopPropagation();
    add();
  });
  return {
    offer(words) {
      offered.hidden = !words;
      offered.dataset.words = words;
      offered.textContent = say("sayAdd", "Add “{words}”").replace("{words}", words);
    },
  };
}

export function bind(picker) {
  const say = (name, otherwise) => picker.dataset[name] ?? otherwise;
  const read = (label) => ({
    label,
    box: label.querySelector("input[type=checkbox]"),
    title: `${label.dataset.code} ${label.dataset.name}`.trim(),
    words: plain(`${label.dataset.code} ${label.dataset.name}`),
    code: plain(label.dataset.code),
  });
  const themes = [...picker.querySelectorAll(".picker__list label[data-code]")].map(read);
  const chips = picker.querySelector("[data-picker-chosen]");
  const find = picker.querySelector("[data-picker-find]");
  const input = find?.querySelector("input");
  const status = picker.querySelector("[data-picker-said]");
  const fold = picker.querySelector("details");
  if (!input) return;
  let first = null;
  let unfolded = false; // by typing, not by hand
  const adding = bindAdding(picker, say, taken);

  const matching = () => themes.filter((theme) => !theme.label.hidden);

  function narrow() {
    const words = plain(input.value.trim()).split(/\s+/).filter(Boolean);
    themes.forEach((theme) => (theme.label.hidden = !words.every((word) => theme.words.includes(word))));
    first?.label.classList.remove("picker__first");
    const found = matching();
    // somebody who types a whole code means that code, wherever it stands in the list
    first = words.length ? (found.find((theme) => theme.code === words.join(" ")) ?? found[0]) : null;
    first?.label.classList.add("picker__first");
    if (fold && first && !fold.open) fold.open = unfolded = true;
    if (fold && unfolded && !first) fold.open = unfolded = false; // as it was before the first letter
    adding?.offer(words.length && !found.length ? input.value.trim() : "");
    if (!status) return;
    if (!words.length) status.textContent = "";
    else if (!found.length) status.textContent = say("sayNone", "No theme matches");
    else {
      const many = found.length === 1 ? say("sayOne", "1 theme matches") : say("sayMany", "{n} themes match").replace("{n}", found.length);
      status.textContent = `${many}. ${say("sayEnter", "Enter takes {theme}").replace("{theme}", first.title)}`;
    }
  }

  function showChosen() {
    if (!chips) return;
    chips.replaceChildren(
      ...themes
        .filter((theme) => theme.box.checked)
        .sort(inOrder)
        .map((theme) => {
          const code = Object.assign(document.createElement("b"), { textContent: theme.label.dataset.code });
          const drop = Object.assign(document.createElement("button"), { type: "button", className: "only-script", textContent: "×" });
          drop.setAttribute("aria-label", say("sayRemove", "Remove {theme}").replace("{theme}", theme.title));
          drop.addEventListener("click", () => remove(theme));
          const chip = Object.assign(document.createElement("span"), { className: "chip" });
          chip.append(code, ` ${theme.label.dataset.name} `, drop);
          const item = document.createElement("li");
          item.append(chip);
          return item;
        }),
    );
  }

  function set(theme, checked) {
    theme.box.checked = checked;
    theme.box.dispatchEvent(new Event("change", { bubbles: true })); // draft and preview hear of it as of a click
  }

  function taken(label) {
    const known = themes.find((theme) => theme.box.value === label.querySelector("input").value);
    const theme = known ?? read(label);
    if (!known) {
      picker.querySelector(".picker__list").append(label);
      themes.push(theme);
    }
    input.value = "";
    narrow();
    set(theme, true);
    showChosen();
    input.focus();
    return theme.title;
  }

  function remove(theme) {
    const at = themes.filter((each) => each.box.checked).sort(inOrder).indexOf(theme);
    set(theme, false);
    const left = [...chips.querySelectorAll("button")];
    (left[Math.min(at, left.length - 1)] ?? input).focus();
  }

  picker.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox]")) showChosen();
  });
  input.addEventListener("input", narrow);
  picker.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const found = matching();
    const at = found.findIndex((theme) => theme.box === event.target);
    const inInput = event.target === input;
    if (!inInput && at < 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (inInput && event.key === "ArrowUp") return;
      if (fold && !fold.open) fold.open = unfolded = true;
      const next = inInput ? (first ? found.indexOf(first) : 0) : at + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) input.focus();
      else found[Math.min(next, found.length - 1)]?.box.focus();
    } else if (event.key === "Enter") {
      event.preventDefault(); // never sends the form
      const theme = inInput ? first : found[at];
      if (!theme) return;
      set(theme, !theme.box.checked);
      if (inInput) input.select(); // the next words replace these
    } else if (event.key === "Escape" && (input.value || !inInput)) {
      event.preventDefault(); // the words first, then the edit
      input.value = "";
      narrow();
      input.focus();
    }
  });
  showChosen(); // the server's chips look the same, so nothing moves
  if (input.value) narrow();
}
