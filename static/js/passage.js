// Owns the picking of words: what is selected in a transcript stands in the form that adds an excerpt, with its place.
const script = document.querySelector("[data-transcript]");
const form = document.querySelector("form[data-passage]");

function placeOf(node, offset) {
  // Places are counted in characters as the server does, not in the units of JavaScript's strings.
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-at]");
  if (!piece || !script.contains(piece)) return null;
  const before = document.createRange();
  before.selectNodeContents(piece);
  before.setEnd(node, offset);
  let said = before.toString();
  const label = piece.querySelector(".vh")?.textContent ?? "";
  if (label && said.startsWith(label)) said = said.slice(label.length);
  return Number(piece.dataset.at) + [...said].length;
}

if (script && form) {
  const [text, start, end] = ["text", "start", "end"].map((name) => form.querySelector(`[name="x-${name}"]`));
  const words = () => [...script.querySelectorAll("[data-at]")];
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed || !script.contains(chosen.anchorNode)) return;
    const range = chosen.getRangeAt(0);
    const from = placeOf(range.startContainer, range.startOffset);
    const to = placeOf(range.endContainer, range.endOffset);
    if (from === null || to === null || to <= from) return;
    // The pieces between, joined as the transcript has them: what stands before a line (line ends, a name) goes along.
    let said = "";
    let at = from;
    for (const piece of words()) {
      const begins = Number(piece.dataset.at);
      const label = piece.querySelector(".vh")?.textContent ?? "";
      const letters = [...piece.textContent.slice(label.length)];
      if (begins + letters.length <= from || begins >= to) continue;
      if (begins > at) {
        const gap = [...(piece.closest("[data-before]")?.dataset.before ?? "")];
        if (gap.length !== begins - at) return; // something else stands between: copy it by hand
        said += gap.join("");
      }
      said += letters.slice(Math.max(0, from - begins), to - begins).join("");
      at = begins + letters.length;
    }
    text.value = said;
    start.value = from;
    end.value = to;
  });
  text.addEventListener("input", () => {
    start.value = "";
    end.value = "";
  });
}
