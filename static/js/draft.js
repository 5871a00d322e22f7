// Owns the keeping of what is being written: sends a form's fields to its data-draft address, and says when, or that it could not.
const PAUSE = 2000;
const STOPPING = 6000; // how long a form that closes waits for its draft to be kept
const KEEPALIVE_LIMIT = 60_000; // browsers refuse more than 64 kB in a request that outlives its page

function changed(control) {
  if (control.type === "hidden" || !control.name || control.name.startsWith("new-")) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  return "defaultValue" in control && control.value !== control.defaultValue;
}

export function bind(form) {
  const status = form.querySelector(".saved");
  const say = (name, otherwise, values = {}) => {
    const text = Object.entries(values).reduce((all, [key, value]) => all.replace(`{${key}}`, value), form.dataset[name] ?? otherwise);
    if (status && status.textContent !== text) status.textContent = text;
  };
  const written = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File || name.startsWith("new-")) data.delete(name); // new-: of a theme
    return new URLSearchParams(data);
  };
  // what the server has, in memory only: no theory text goes into the browser's storage. A form that came back from a
  // refused save, or in which somebody wrote before this module had come, holds words that nobody has kept yet
  let kept = form.hasAttribute("data-draft-unkept") || [...form.elements].some(changed) ? "" : written().toString();
  let timer = 0;
  let sending = Promise.resolve();
  let stopper = new AbortController();
  let submitted = false;
  let sentWords = "";
  let failed = false;

  async function send(leaving) {
    const body = written();
    const words = body.toString();
    if (submitted || words === kept) return;
    stopper = new AbortController();
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": body.get("csrfmiddlewaretoken") ?? "", "X-Requested-With": "fetch" },
        credentials: "same-origin",
        redirect: "manual", // a redirect means the sign-in page
        keepalive: leaving && words.length < KEEPALIVE_LIMIT,
        signal: leaving ? undefined : stopper.signal,
      });
      failed = !answer.ok;
      if (answer.ok) {
        kept = words;
        const time = new Date().toLocaleTimeString(document.documentElement.lang || "en-GB", { hour: "2-digit", minute: "2-digit" });
        say("sayKept", "Draft kept at {time}", { time });
      } else if (answer.type === "opaqueredirect" || answer.status === 401) {
        say("saySignedOut", "Could not keep the draft: you are signed out. Sign in in another tab, then write on here");
      } else say("sayRefused", "Could not keep the draft: the server did not take it");
    } catch (error) {
      if (error.name === "AbortError") return;
      failed = true;
      say("sayOffline", "Could not keep the draft: you are offline");
    }
  }

  function keep({ leaving = false } = {}) {
    clearTimeout(timer);
    if (leaving) {
      stopper.abort(); // at once, and never overtaken by an older one: the page may not live to see that end
      send(true);
      return;
    }
    sending = sending.then(() => send(false)); // one after the other, so that the last words win
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("focusout", () => keep());
  form.addEventListener("click", (event) => {
    const stop = event.target.closest("a[data-stop]");
    if (stop && !stop.hasAttribute("hx-get")) keep({ leaving: true });
  });
  form.addEventListener("htmx:confirm", (event) => {
    if (!event.target.closest("a[data-stop]")) return;
    event.preventDefault(); // the row comes back once the draft is kept, so that it says so
    keep();
    Promise.race([sending, new Promise((done) => setTimeout(done, STOPPING))]).then(() => event.detail.issueRequest(true));
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    submitted = true; // saved words need no draft; one on its way would bring it back
    sentWords = written().toString();
    stopper.abort();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || event.detail.xhr?.status === 401) return; // 401: app.js sends it as a whole page
    submitted = false; // the form is still there: keep on keeping
    if (event.detail.successful) kept = sentWords;
    keep();
  });

  const gone = new AbortController(); // page-wide listeners leave with the form
  const onPage = (target, type, handle) => target.addEventListener(type, (event) => (form.isConnected ? handle(event) : gone.abort()), { signal: gone.signal });
  onPage(document, "visibilitychange", () => document.visibilityState === "hidden" && keep({ leaving: true }));
  onPage(window, "pagehide", () => keep({ leaving: true }));
  onPage(window, "pageshow", (event) => event.persisted && (submitted = false)); // back to a form that had been sent
  onPage(window, "online", () => failed && keep());
  onPage(window, "beforeunload", (event) => {
    if (failed && !submitted && written().toString() !== kept) event.preventDefault(); // the only copy is on this page
  });
  if (kept === "") later();
}
