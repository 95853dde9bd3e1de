"use strict";

// What the page does beside htmx: draw the series, say how fresh they are, and lead by keys.
// Without it the page still shows everything, with the charts that the server drew.

const DAY = 86400; // seconds
const day = (moment) =>
  new Date(moment * 1000).toLocaleDateString(undefined, { month: "short", day: "numeric" });
const sections = () => [...document.querySelectorAll("main > section")];
const plots = new Map();

function colour(name) {
  return getComputedStyle(document.body).getPropertyValue(name).trim();
}

async function draw(place) {
  const answer = await fetch(place.dataset.plot);
  if (!answer.ok) return;
  const series = await answer.json();
  const options = {
    width: Math.max(place.clientWidth - 14, 240),
    height: 200,
    legend: { live: true },
    cursor: { y: false },
    scales: { x: { range: (_plot, least, most) => [least - DAY / 2, most + DAY / 2] } },
    axes: [
      {
        stroke: colour("--soft"),
        grid: { show: false },
        incrs: [DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY],
        values: (_plot, moments) => moments.map(day),
      },
      { stroke: colour("--soft"), grid: { stroke: colour("--line") }, size: 64 },
    ],
    series: [
      { label: "Day", value: (_plot, moment) => (moment === null ? "" : day(moment)) },
      {
        label: series.title,
        stroke: colour("--accent"),
        fill: colour("--accent") + "33",
        width: 2,
        paths: uPlot.paths.bars({ size: [0.7, 60] }),
        points: { show: false },
        value: (_plot, value, _series, place) => {
          if (place === null) return "";
          if (value === null) return "unknown";
          return value.toLocaleString(undefined, { maximumFractionDigits: 2 }) + series.unit;
        },
      },
    ],
  };
  plots.get(place.id)?.destroy();
  place.replaceChildren();
  plots.set(place.id, new uPlot(options, [series.times, series.values], place));
}

function drawAll(root) {
  for (const place of root.querySelectorAll(".plot")) {
    place.id = "plot-" + place.closest("section").id;
    draw(place);
  }
}

function lead(step) {
  const all = sections();
  const here = all.findIndex((one) => one.getBoundingClientRect().bottom > 80);
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  next?.scrollIntoView({ behavior: "auto", block: "start" });
}

document.addEventListener("DOMContentLoaded", () => {
  if (window.uPlot) document.body.classList.remove("plotless");
  drawAll(document);
  const ranges = [...document.querySelectorAll("nav.range a")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "j") lead(1);
    else if (event.key === "k") lead(-1);
    else if (ranges[Number(event.key) - 1]) ranges[Number(event.key) - 1].click();
  });
});

document.addEventListener("htmx:afterSwap", (event) => {
  drawAll(event.detail.elt.parentElement ?? document);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const fresh = document.getElementById("fresh");
  const good = event.detail.successful;
  fresh.textContent = good
    ? "as of " + new Date().toLocaleTimeString()
    : "hubctl does not answer any more; what is shown may be old";
  fresh.className = good ? "" : "stale";
});

let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => drawAll(document), 200);
});
