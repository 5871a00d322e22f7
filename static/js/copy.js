// Owns buttons that copy the text of another element, such as a token that is shown once (class "only-script" hides them without a script).
export function bind(button) {
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = source.value ?? source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // refused, or not served over https: mark it, so that Ctrl+C does it
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) return;
      button.focus();
    }
    document.dispatchEvent(new CustomEvent("said", { detail: button.dataset.copied ?? "Copied" }));
  });
}
