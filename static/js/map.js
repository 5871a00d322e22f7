// Owns the map as something to move about in: size, panning, dragging with places remembered, the record beside it, arrow keys along ripples.
const STEP = 1.25;
const CLOSE = 4; // pixels that a hand may tremble without dragging
const NUDGE = 20;
const LEAST = 0.78; // letters of ten pixels; what is then wider than its frame is moved along in it
const EDGE = 12; // pixels that what is in sight keeps from the edge of its frame
const numbers = (text) => text.split(",").map(Number);

function bind(scroll) {
  const svg = scroll.querySelector("svg");
  if (!svg) return;
  size(scroll, svg);
  // what a hand can do waits until the map is seen
  requestAnimationFrame(() => setTimeout(() => move(scroll, svg)));
}

function move(scroll, svg) {
  const blocks = new Map(); // number → {group, x, y, arcs: [arc]}
  for (const group of svg.querySelectorAll("g[data-cmo]")) {
    const { e: x, f: y } = group.transform.baseVal.consolidate().matrix;
    blocks.set(group.dataset.cmo, { group, x, y, arcs: [], link: group.querySelector(".cfg__h") });
  }
  const said = new Map([...svg.querySelectorAll(".labs")].map((group) => [group.dataset.arc, group]));
  for (const [at, group] of svg.querySelectorAll(".arc").entries()) {
    const { from, to, out, into, lead = "0,0" } = group.dataset;
    const arc = { group, from, to, out: numbers(out), into: numbers(into), lead: numbers(lead), line: group.querySelector("path"), loose: [] };
    const [source, target] = [blocks.get(from), blocks.get(to)];
    if (!source || !target) continue;
    // the tip and the words keep their shape and go where the end and the middle of the way go
    const ends = place(arc, blocks);
    for (const shape of group.children) {
      if (shape === arc.line || shape.tagName === "title") continue;
      arc.loose.push({ shape, ends });
    }
    if (said.has(`${at}`)) arc.loose.push({ shape: said.get(`${at}`), middle: true, ends });
    source.arcs.push(arc);
    if (target !== source) target.arcs.push(arc);
  }
  svg.dataset.bound = "";
  pan(scroll);
  drag(scroll, svg, blocks);
  keys(scroll, svg, blocks);
  records(scroll, svg, blocks);
}

function place(arc, blocks) {
  const [source, target] = [blocks.get(arc.from), blocks.get(arc.to)];
  return [source.x + arc.out[0], source.y + arc.out[1], target.x + arc.into[0], target.y + arc.into[1]];
}

function redraw(arc, blocks) {
  const [x1, y1, x2, y2] = place(arc, blocks);
  const outwards = arc.out[0] > 0 ? 1 : -1;
  const inwards = arc.into[0] > 0 ? 1 : -1;
  const ripple = !arc.group.classList.contains("arc--stated");
  const end = ripple ? x2 - 9 : x2;
  const bend = Math.max(36, Math.abs(x2 - x1) / 2);
  const [first, last] = [x1 + arc.lead[0], end + arc.lead[1]]; // a stated link goes on into the lines of its headings
  arc.line.setAttribute("d", `M${first} ${y1}L${x1} ${y1}C${x1 + bend * outwards} ${y1} ${end + bend * inwards} ${y2} ${end} ${y2}L${last} ${y2}`);
  for (const { shape, middle, ends } of arc.loose) {
    const [dx, dy] = middle ? [(x1 + x2 - ends[0] - ends[2]) / 2, (y1 + y2 - ends[1] - ends[3]) / 2] : [x2 - ends[2], y2 - ends[3]];
    shape.setAttribute("transform", `translate(${dx} ${dy})`);
  }
}

function put(block, x, y, blocks) {
  block.x = Math.max(0, x);
  block.y = Math.max(0, y);
  block.group.setAttribute("transform", `translate(${block.x} ${block.y})`);
  block.arcs.forEach((arc) => redraw(arc, blocks));
}

// ---- what is chosen is in sight; the page itself stays where it is
function reach(scroll, group) {
  if (!group) return;
  const [frame, box] = [scroll.getBoundingClientRect(), group.getBoundingClientRect()];
  const [over, before] = [box.right + EDGE - frame.right, box.left - EDGE - frame.left];
  if (over > 0 || before < 0) scroll.scrollLeft += before < 0 ? before : Math.min(over, before);
  const [below, above] = [box.bottom + EDGE - frame.bottom, box.top - EDGE - frame.top];
  if (below > 0 || above < 0) scroll.scrollTop += above < 0 ? above : Math.min(below, above);
}

// ---- size
function size(scroll, svg) {
  const bar = document.querySelector("[data-map-size]");
  if (!bar) return;
  const whole = svg.viewBox.baseVal;
  const now = () => svg.getBoundingClientRect().width;
  function to(width) {
    const before = now();
    const [x, y] = [scroll.scrollLeft + scroll.clientWidth / 2, scroll.scrollTop + scroll.clientHeight / 2];
    const wide = Math.min(Math.max(width, 200), whole.width * 3);
    svg.classList.add("cmomap--sized");
    svg.setAttribute("width", wide); // as attributes: a style would be one inline
    svg.setAttribute("height", (wide * whole.height) / whole.width);
    const ratio = wide / before;
    scroll.scrollTo(x * ratio - scroll.clientWidth / 2, y * ratio - scroll.clientHeight / 2);
  }
  // opens as wide as its frame, so that nothing is cut off at the side, but never too small to be read
  to(Math.min(Math.max(scroll.clientWidth, whole.width * LEAST), whole.width));
  reach(scroll, svg.querySelector(".cfg--on"));
  bar.addEventListener("click", (event) => {
    const way = event.target.closest("[data-size]")?.dataset.size;
    if (way === "fit") to(Math.min(scroll.clientWidth, (scroll.clientHeight / whole.height) * whole.width));
    else if (way) to(now() * (way === "larger" ? STEP : 1 / STEP));
  });
  scroll.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "-") to(now() * (event.key === "+" ? STEP : 1 / STEP));
  });
  scroll.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      to(now() * (event.deltaY < 0 ? STEP : 1 / STEP));
    },
    { passive: false },
  );
}

// ---- moving the paper, by mouse; fingers scroll it as they scroll anything
function pan(scroll) {
  let held = null;
  scroll.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch" || event.target.closest(".cfg")) return;
    held = { x: event.clientX + scroll.scrollLeft, y: event.clientY + scroll.scrollTop };
    scroll.classList.add("mapscroll--held");
  });
  addEventListener("pointermove", (event) => held && scroll.scrollTo(held.x - event.clientX, held.y - event.clientY));
  addEventListener("pointerup", () => {
    held = null;
    scroll.classList.remove("mapscroll--held");
  });
}

// ---- moving a configuration
function drag(scroll, svg, blocks) {
  let held = null;
  let frame = 0;
  svg.addEventListener("pointerdown", (event) => {
    const group = event.target.closest("g[data-cmo]");
    if (!group || event.button || event.pointerType === "touch") return;
    const block = blocks.get(group.dataset.cmo);
    held = { block, x: event.clientX, y: event.clientY, from: [block.x, block.y], moved: false, to: null };
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault()); // links would be dragged as links
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.moved && Math.hypot(dx, dy) < CLOSE) return;
    if (!held.moved) svg.style.pointerEvents = "none"; // nothing under the hand lights up on the way
    held.moved = true;
    const scale = svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;
    held.to = [held.from[0] + dx * scale, held.from[1] + dy * scale];
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (held?.to) put(held.block, ...held.to, blocks);
    });
  });
  const drop = () => {
    if (!held) return;
    const { block, moved, to } = held;
    held = null;
    if (!moved) return;
    put(block, ...to, blocks);
    keep(scroll, block);
    svg.style.pointerEvents = "";
    // the click that ends a drag opens nothing; where the browser sends none, the next one is a real one
    const swallow = (event) => (event.preventDefault(), event.stopImmediatePropagation());
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  };
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);
}

const waiting = new Map();
function keep(scroll, block) {
  clearTimeout(waiting.get(block));
  waiting.set(block, setTimeout(() => send(scroll, block), 300));
}

async function send(scroll, block) {
  const body = new URLSearchParams({ layout: scroll.dataset.layout, node: `CMO${block.group.dataset.cmo}`, x: Math.round(block.x), y: Math.round(block.y) });
  const own = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  try {
    const answer = await fetch(scroll.dataset.place, { method: "POST", body, headers: { ...own, "HX-Request": "true" } });
    if (answer.ok) document.dispatchEvent(new CustomEvent("said", { detail: scroll.dataset.moved }));
    else document.dispatchEvent(new Event("htmx:sendError"));
  } catch {
    document.dispatchEvent(new Event("htmx:sendError"));
  }
  const form = document.querySelector("[data-map-move]");
  if (form?.elements.node.value === `CMO${block.group.dataset.cmo}`) fill(form, block);
}

function fill(form, block) {
  form.elements.x.value = Math.round(block.x);
  form.elements.y.value = Math.round(block.y);
}

// ---- keys: Tab from configuration to configuration, arrows along ripples, Alt with an arrow moves
function keys(scroll, svg, blocks) {
  svg.querySelectorAll("a.w").forEach((link) => link.setAttribute("tabindex", "-1"));
  const order = [...blocks.values()];
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const block = blocks.get(event.target.closest("g[data-cmo]")?.dataset.cmo);
    if (!way || !block || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) {
      put(block, block.x + way[0] * NUDGE, block.y + way[1] * NUDGE, blocks);
      keep(scroll, block);
      return;
    }
    const at = block.group.dataset.cmo;
    const ripples = block.arcs.filter((arc) => !arc.group.classList.contains("arc--stated"));
    const next = {
      ArrowRight: () => blocks.get(ripples.find((arc) => arc.from === at && arc.to !== at)?.to),
      ArrowLeft: () => blocks.get(ripples.find((arc) => arc.to === at && arc.from !== at)?.from),
      ArrowDown: () => order[order.indexOf(block) + 1],
      ArrowUp: () => order[order.indexOf(block) - 1],
    }[event.key]();
    if (!next) return;
    next.link.focus({ preventScroll: true });
    next.group.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

// ---- the record beside the map
function records(scroll, svg, blocks) {
  let asked = 0;
  function selected(label) {
    for (const block of blocks.values()) block.group.classList.toggle("cfg--on", label === `CMO${block.group.dataset.cmo}`);
    for (const link of svg.querySelectorAll("a")) {
      if (new URL(link.href.baseVal, location.href).searchParams.get("at") === label) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  svg.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a") ?? event.target.closest("g[data-cmo]")?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    const address = new URL(link.href.baseVal, location.href);
    const turn = ++asked;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) {
      location.assign(address); // signed out or offline: the page itself says so
      return;
    }
    const text = await answer.text();
    if (turn !== asked) return;
    const side = new DOMParser().parseFromString(text, "text/html").querySelector("[data-map-side]");
    document.querySelector("[data-map-side]").replaceWith(side); // a first record takes room from the drawing
    selected(address.searchParams.get("at"));
    reach(scroll, link.closest("g[data-cmo]"));
    history.replaceState(history.state, "", address);
    const form = side.querySelector("[data-map-move]");
    const block = form && blocks.get(form.elements.node.value.slice(3));
    if (block) fill(form, block);
    else form?.remove();
    if (event.detail === 0) side.querySelector("h2")?.focus(); // opened by a key
    else document.dispatchEvent(new CustomEvent("said", { detail: side.querySelector("h2")?.textContent }));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-map-move]");
    const block = form && blocks.get(form.elements.node.value.slice(3));
    const way = { left: [-2, 0], right: [2, 0], up: [0, -2], down: [0, 2] }[event.submitter?.value];
    if (!block || !way) return;
    event.preventDefault();
    put(block, block.x + way[0] * NUDGE, block.y + way[1] * NUDGE, blocks);
    fill(form, block);
    keep(scroll, block);
  });
  document.addEventListener("keydown", (event) => {
    const label = event.key === "Escape" && document.activeElement.closest("[data-map-side]")?.querySelector("[name=node]")?.value;
    if (label) blocks.get(label.slice(3))?.link.focus();
  });
}

// loaded by the map's page alone, before its first paint: a map that is fitted to its frame later moves what is below it
document.querySelectorAll("[data-map]").forEach(bind);
