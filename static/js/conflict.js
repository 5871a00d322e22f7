// Owns the choice between merged, theirs and mine on the conflict page; words typed by hand are kept and stay on offer as "own".
const lines = (text) => (text ?? "").replace(/\r\n?/g, "\n");

export function bind(scope) {
  const radios = [...scope.querySelectorAll("input[type=radio]")].filter((radio) => radio.value === "own" || versionsOf(radio.value).length);
  const own = radios.find((radio) => radio.value === "own");
  const areas = [...scope.querySelectorAll("textarea")];
  const typed = new Map(); // textarea → the last words that are nobody's version

  function versionsOf(name) {
    return [...scope.querySelectorAll(`[data-version="${CSS.escape(name)}"]`)];
  }
  function wordsOf(name, area) {
    const versions = versionsOf(name);
    const found = versions.find((each) => each.dataset.part === area.name) ?? (areas.length === 1 ? versions[0] : null);
    return found ? lines(found.dataset.text) : null;
  }
  const someones = (area) => [...scope.querySelectorAll("[data-version]")].some((each) => wordsOf(each.dataset.version, area) === area.value);

  function remember(area) {
    if (someones(area)) return;
    typed.set(area, area.value);
    if (!own) return;
    own.disabled = false;
    const offer = own.closest("[data-own]");
    if (offer) offer.hidden = false;
  }

  scope.addEventListener("input", (event) => {
    if (!areas.includes(event.target)) return;
    remember(event.target);
    if (own && typed.get(event.target) === event.target.value) own.checked = true;
  });
  scope.addEventListener("change", (event) => {
    if (!radios.includes(event.target)) return;
    for (const area of areas) {
      remember(area);
      if (!own && typed.get(area) === area.value) continue; // nowhere to get them back from: hand-written words stay
      const words = event.target.value === "own" ? typed.get(area) : wordsOf(event.target.value, area);
      if (words == null || words === area.value) continue;
      area.value = words;
      area.dispatchEvent(new Event("input", { bubbles: true })); // draft and preview hear of it
      event.target.checked = true;
    }
  });
  for (const area of areas) {
    remember(area); // the page may come back with hand-written words in it
    if (own && area.value !== area.defaultValue && typed.get(area) === area.value) own.checked = true; // written before this came
  }
}
