// Owns filters that show their result at once: sends the form on change, and 300 ms after typing; htmx on the form does the rest.
const PAUSE = 300;

export function bind(form) {
  // without htmx on it, sending would load a whole page under somebody's fingers: then the button does it
  if (!window.htmx || !form.matches("[hx-get], [data-hx-get]")) return;
  const asked = () => new URLSearchParams(new FormData(form)).toString();
  let last = null; // unknown: the change that woke this module has already happened
  let timer = 0;

  function send() {
    clearTimeout(timer);
    if (asked() === last) return; // leaving the box after the list has already answered
    form.requestSubmit();
  }
  form.addEventListener("change", send);
  form.addEventListener("input", (event) => {
    if (event.isComposing || !event.target.matches("[data-filter-words], input[type=search], input[type=text]")) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    last = asked();
  });
}
