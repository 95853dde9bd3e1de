"use strict";

// What the page does beside htmx: draw charts, keep itself fresh without moving anything under
// somebody's hands, sort tables, and lead by keys. Texts from outside never become markup here.

const PULSE = 5000; // milliseconds
const PAINTED = 400; // milliseconds after which parts are asked for whatever was painted
const MOST_ROWS = 400; // of the numbers of a chart
const DAY = 86400; // seconds
const TOP = 90; // pixels of the head
const plots = new Map();
const orders = new Map(); // table → column and direction that somebody chose
const query = (words, root = document) => root.querySelector(words);
const all = (words, root = document) => [...root.querySelectorAll(words)];

// -- fresh figures in the old places --------------------------------------------------------------

const keyOf = (node) => (node.nodeType === 1 && (node.dataset.key || node.id)) || "";

// Make `old` what `fresh` is and keep its nodes: focus, selection and scrolling are theirs.
function become(old, fresh) {
  if (old.nodeType !== 1) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  if (!old.classList.contains("plot")) becomeChildren(old, fresh);
}

function becomeChildren(old, fresh) {
  const known = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = keyOf(child);
    let match = key ? known.get(key) : at && !keyOf(at) ? at : null;
    if (match && match.nodeName !== child.nodeName) match = null;
    if (!match) {
      old.insertBefore(child, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    become(match, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

htmx.defineExtension("keep", {
  isInlineSwap: (style) => style === "keep",
  handleSwap(style, target, fragment) {
    const fresh = query("section", fragment);
    if (style !== "keep" || !fresh || fresh.id !== target.id) return false;
    all(".wide table", fresh).forEach(arrange);
    const held = document.activeElement;
    become(target, fresh);
    if (held?.isConnected && held !== document.activeElement) held.focus({ preventScroll: true });
    dress(target);
    return [target];
  },
});

// A part that cannot be had says so where it would stand; the next change asks for it again.
function missed(event) {
  const waiting = query(".waiting", event.detail.elt);
  if (waiting) waiting.textContent = "This part could not be read (" + event.detail.xhr.status + ").";
}
document.addEventListener("htmx:responseError", missed);
document.addEventListener("htmx:sendError", missed);

// -- tables ---------------------------------------------------------------------------------------

const nameOf = (table) => table.closest(".titled").dataset.key;

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell?.dataset.v === undefined ? cell?.textContent.trim() ?? "" : Number(cell.dataset.v);
}

function compared(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}

function arrange(table) {
  const order = orders.get(nameOf(table));
  if (!order) return;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => order.sign * compared(valueOf(a, order.column), valueOf(b, order.column)));
  table.tBodies[0].append(...rows);
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    if (column !== order.column) cell.removeAttribute("aria-sort");
    else cell.setAttribute("aria-sort", order.sign < 0 ? "descending" : "ascending");
  });
}

function sortBy(button) {
  const cell = button.parentElement;
  const table = cell.closest("table");
  const column = cell.cellIndex;
  const before = orders.get(nameOf(table));
  const numbers = cell.classList.contains("right");
  const sign = before?.column === column ? -before.sign : numbers ? -1 : 1;
  orders.set(nameOf(table), { column, sign });
  arrange(table);
}

// -- charts ---------------------------------------------------------------------------------------

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const two = (number) => String(number).padStart(2, "0");

function moment(time, span) {
  const date = new Date(time * 1000);
  const clock = two(date.getHours()) + ":" + two(date.getMinutes());
  if (span <= 2 * DAY) return clock;
  return date.toLocaleDateString(undefined, { month: "short", day: "numeric" });
}

function amount(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "$") return "$" + value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const short = value >= 10000;
  const number = value.toLocaleString("en", {
    notation: short ? "compact" : "standard",
    maximumFractionDigits: 1,
  });
  return unit ? number + " " + unit : number;
}

// Each of the stacked values on top of those after it, so that the first one stands highest.
function stacked(series) {
  const sums = series[0].values.map(() => 0);
  return [...series].reverse().map((one) => one.values.map((value, at) => (sums[at] += value || 0))).reverse();
}

function barSeries(plot) {
  return plot.series.map((one, number) => ({
    label: one.name,
    stroke: colour("--s" + (number + 1)),
    fill: colour("--s" + (number + 1)),
    width: 0,
    paths: uPlot.paths.bars({ size: [0.72, 46], radius: 0.06 }),
    points: { show: false },
    value: (_plot, _value, _series, at) => (at === null ? "" : amount(one.values[at], one.unit)),
  }));
}

function lineSeries(plot) {
  return plot.series.map((one, number) => ({
    label: one.name,
    scale: one.unit === plot.unit ? "y" : "other",
    stroke: colour("--s" + (number + 1)),
    width: 2,
    dash: number ? [6, 4] : [],
    spanGaps: true,
    points: { show: plot.times.length < 40, size: 5 },
    value: (_plot, value) => amount(value, one.unit),
  }));
}

function axes(plot, span) {
  const line = { stroke: colour("--soft"), font: "11px system-ui", ticks: { show: false } };
  const others = plot.series.find((one) => one.unit !== plot.unit);
  return [
    { ...line, grid: { show: false }, space: 60, values: (_plot, moments) => moments.map((one) => moment(one, span)),
      ...(span > 2 * DAY ? { incrs: [DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY] } : {}) },
    { ...line, size: 62, grid: { stroke: colour("--line"), width: 1 },
      values: (_plot, values) => values.map((one) => amount(one, plot.unit.length > 2 ? "" : plot.unit)) },
    ...(others ? [{ ...line, scale: "other", side: 1, size: 62, grid: { show: false },
      values: (_plot, values) => values.map((one) => amount(one, others.unit)) }] : []),
  ];
}

// The same as a table, for those who hear the page or want the very numbers.
function numbers(plot, span, open) {
  const made = (name, words, parent) => {
    const node = document.createElement(name);
    if (words !== undefined) node.textContent = words;
    parent?.append(node);
    return node;
  };
  const details = made("details");
  details.open = Boolean(open);
  made("summary", "The numbers of this chart", details);
  const box = made("div", undefined, details);
  Object.assign(box, { className: "numbers", tabIndex: 0, role: "region", ariaLabel: plot.title + ", numbers" });
  const table = made("table", undefined, box);
  const head = made("tr", undefined, made("thead", undefined, table));
  for (const name of [span > 2 * DAY ? "Day" : "At", ...plot.series.map((one) => one.name)])
    made("th", name, head).scope = "col";
  const body = made("tbody", undefined, table);
  const every = Math.ceil(plot.times.length / MOST_ROWS);
  for (let at = 0; at < plot.times.length; at += every) {
    const row = made("tr", undefined, body);
    made("th", moment(plot.times[at], span), row).scope = "row";
    for (const one of plot.series) made("td", amount(one.values[at], one.unit), row);
  }
  return details;
}

async function draw(place) {
  const answer = await fetch(place.dataset.plot);
  if (!answer.ok || !place.isConnected) return;
  const plot = await answer.json();
  plots.get(place)?.destroy();
  plots.delete(place);
  if (!plot.series.length || !plot.times.length) return place.replaceChildren();
  const bars = plot.kind === "bars";
  const gap = plot.times.length > 1 ? plot.times[1] - plot.times[0] : DAY;
  const span = plot.times.at(-1) - plot.times[0];
  const around = bars ? gap / 2 : 0;
  const options = {
    title: plot.title,
    width: Math.max(place.clientWidth, 200),
    height: 210,
    legend: { live: true },
    cursor: { y: false, points: { show: !bars }, drag: { setScale: false } },
    scales: {
      x: { range: () => [plot.times[0] - around, plot.times.at(-1) + around] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.06 : 1] },
      other: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.06 : 1] },
    },
    axes: axes(plot, span),
    series: [
      { label: span > 2 * DAY ? "Day" : "At", value: (_plot, one) => (one === null ? "" : moment(one, span)) },
      ...(bars ? barSeries(plot) : lineSeries(plot)),
    ],
  };
  const values = bars ? stacked(plot.series) : plot.series.map((one) => one.values);
  const drawn = new uPlot(options, [plot.times, ...values], place);
  drawn.root.setAttribute("aria-hidden", "true");
  place.replaceChildren(drawn.root, numbers(plot, span, query("details", place)?.open));
  plots.set(place, drawn);
  place.classList.toggle("leads", plot.links.length > 0);
  drawn.over.addEventListener("click", () => {
    const link = plot.links[drawn.cursor.idx];
    if (link) location.assign(link);
  });
}

// -- what every new piece gets --------------------------------------------------------------------

function dress(root) {
  all(".plot", root).forEach(draw);
  all(".wide table", root).forEach(arrange);
  marks();
}

// Which parts need attention, in the list of parts and in the title.
function marks() {
  let count = 0;
  for (const link of all("nav.parts [data-part]")) {
    const level = document.getElementById(link.dataset.part)?.dataset.level;
    query(".mark", link)?.remove();
    if (!level) continue;
    count += 1;
    const mark = document.createElement("i");
    mark.className = "mark " + level;
    mark.textContent = level === "critical" ? "▲" : "●";
    const told = document.createElement("span");
    told.className = "unseen";
    told.textContent = "(" + level + ")";
    mark.append(told);
    link.append(mark);
  }
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = count ? "(" + count + ") " + title : title;
}

// -- freshness ------------------------------------------------------------------------------------

let pulse = "";
let lost = false;

async function beat() {
  if (document.visibilityState !== "visible") return;
  const fresh = document.getElementById("fresh");
  try {
    const answer = await fetch("/pulse");
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.text();
    if (pulse && now !== pulse) htmx.trigger(document.body, "changed");
    pulse = now;
    fresh.textContent = "live, " + new Date().toLocaleTimeString("en-GB");
    fresh.className = "";
    if (lost) tell("hubctl answers again");
    lost = false;
  } catch {
    fresh.textContent = "hubctl does not answer any more";
    fresh.className = "stale";
    if (!lost) tell("hubctl does not answer any more; what is shown may be old");
    lost = true;
  }
}

// The one place that a screen reader speaks of by itself: said once, not every five seconds.
const tell = (words) => (document.getElementById("told").textContent = words);

// -- keys -----------------------------------------------------------------------------------------

function lead(step) {
  const panels = all("main > section");
  const here = panels.findIndex((one) => one.getBoundingClientRect().bottom > TOP + 20);
  const next = panels[Math.min(Math.max(here + step, 0), panels.length - 1)];
  next?.scrollIntoView({ behavior: "instant", block: "start" });
  next?.focus({ preventScroll: true });
}

const follow = (words) => query(words)?.click();
const KEYS = {
  j: () => lead(1),
  k: () => lead(-1),
  "[": () => follow('nav.range [data-step="-1"]'),
  "]": () => follow('nav.range [data-step="1"]'),
  t: () => follow("nav.range .now"),
  p: () => document.getElementById("project")?.focus(),
  s: () => follow('nav.parts a[href^="/sessions"]'),
  o: () => follow("h1 a"),
  "?": () => document.getElementById("keys").showModal(),
};

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.matches?.("input, select, textarea") || query("dialog[open]")) return;
  const range = all("nav.range [data-days]")[Number(event.key) - 1];
  const act = range ? () => range.click() : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("scripted");
  document.getElementById("keys-open").addEventListener("click", KEYS["?"]);
  document.getElementById("project")?.addEventListener("change", (event) => event.target.form.requestSubmit());
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("thead button");
    if (button) sortBy(button);
  });
  afterPaint(() => {
    htmx.trigger(document.body, "painted");
    dress(document);
    beat();
    setInterval(beat, PULSE);
  });
  document.addEventListener("visibilitychange", beat);
});

// Asking for a dozen parts at once keeps a small machine from painting the first frame. A frame that
// nobody sees is never painted: a page in the background goes on without.
function afterPaint(work) {
  let begun = false;
  const begin = () => {
    if (!begun) setTimeout(work);
    begun = true;
  };
  if (document.visibilityState !== "visible") return begin();
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) begin();
  }).observe({ type: "paint", buffered: true });
  setTimeout(begin, PAINTED);
}

let width = innerWidth;
let resized;
addEventListener("resize", () => {
  if (innerWidth === width) return; // a phone's address bar
  width = innerWidth;
  clearTimeout(resized);
  resized = setTimeout(() => all(".plot").forEach(draw), 150);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all(".plot").forEach(draw));
