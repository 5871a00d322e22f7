// Owns the changes shown while somebody writes: sends the form to its data-preview address, shows the fragment in [data-preview-out].
const PAUSE = 400;

export function bind(form) {
  const out = form.querySelector("[data-preview-out]") ?? document.querySelector("[data-preview-out]");
  if (!out) return;
  let timer = 0;
  let running = new AbortController();

  async function show() {
    running.abort(); // an older answer must not cover a newer one
    running = new AbortController();
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") ?? "", "HX-Request": "true" },
        credentials: "same-origin",
        redirect: "error",
        signal: running.signal,
      });
      if (answer.ok && answer.status !== 204) out.innerHTML = await answer.text(); // escaped by the server; scripts in it never run
    } catch {
      // offline or overtaken: the last comparison stays, saving compares anew
    }
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running.abort();
  });
}
