// Owns the theme picker: chips of the chosen themes and a box that narrows the list of checkboxes; without it the list stands alone.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function bind(picker) {
  const say = (name, otherwise) => picker.dataset[name] ?? otherwise;
  const labels = [...picker.querySelectorAll(".picker__list label[data-code]")];
  const themes = labels.map((label) => ({
    label,
    box: label.querySelector("input[type=checkbox]"),
    title: `${label.dataset.code} ${label.dataset.name}`,
    words: plain(`${label.dataset.code} ${label.dataset.name}`),
    code: plain(label.dataset.code),
  }));
  const chips = picker.querySelector("[data-picker-chosen]");
  const find = picker.querySelector("[data-picker-find]");
  const input = find?.querySelector("input");
  const status = picker.querySelector("[data-picker-said]");
  const fold = picker.querySelector("details");
  if (!input) return;
  let first = null;

  const matching = () => themes.filter((theme) => !theme.label.hidden);

  function narrow() {
    const words = plain(input.value.trim()).split(/\s+/).filter(Boolean);
    themes.forEach((theme) => (theme.label.hidden = !words.every((word) => theme.words.includes(word))));
    first?.label.classList.remove("picker__first");
    const found = matching();
    // somebody who types a whole code means that code, wherever it stands in the list
    first = words.length ? (found.find((theme) => theme.code === words.join(" ")) ?? found[0]) : null;
    first?.label.classList.add("picker__first");
    if (fold && words.length) fold.open = true;
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

  function remove(theme) {
    const at = themes.filter((each) => each.box.checked).indexOf(theme);
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
      if (fold) fold.open = true;
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
