// Draws what the server computed, and looks again every second. No number is made here.
import { heatChart, doseChart, scoreChart } from "./charts.js";

const frame = document.getElementById("charts");
const readout = document.getElementById("readout");
const LOOK_EVERY_MS = 1000;
let drawn = [];
let data;
let busy = false;

function put(pieces) {
  for (const [id, html] of Object.entries(pieces)) {
    const place = document.getElementById(id);
    if (place.contains(document.activeElement) && document.activeElement !== document.body) {
      const { name, value } = document.activeElement;
      replace(place, html);
      if (name) [...place.querySelectorAll(`[name="${name}"]`)].find((each) => each.value === value)?.focus();
    } else replace(place, html);
  }
}

function replace(place, html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

function draw() {
  for (const chart of drawn) chart.destroy();
  const point = (column, level) => { readout.textContent = column === null ? "Point at a chart to read it." : told(column, level); };
  drawn = [heatChart(document.getElementById("heat"), data, point), doseChart(document.getElementById("dose"), data),
    scoreChart(document.getElementById("score"), data)];
}

function told(column, level) {
  const parts = [data.moments[column]];
  if (level) parts.push(`CSF at ${level} ${data.heat.texts[level][column]}`);
  const bar = data.dose.times.findLastIndex((time) => time <= data.times[column]);
  if (bar >= 0 && bar < data.dose.texts.length) parts.push(`${data.dose.texts[bar]} in this ${data.dose.per}`);
  parts.push(`${data.score.name} ${data.score.texts[column]}`);
  return parts.join(" · ");
}

async function fetchCharts() {
  const answer = await fetch(frame.dataset.from);
  if (!answer.ok) return;
  const found = await answer.json();
  data = found.charts;
  frame.dataset.version = found.version;
  put(found.pieces);
  draw();
}

async function look() {
  if (busy || document.visibilityState !== "visible") return;
  busy = true;
  try {
    const answer = await fetch(frame.dataset.living);
    if (answer.ok) {
      const found = await answer.json();
      put(found.pieces);
      if (found.version !== frame.dataset.version) await fetchCharts();
    }
  } catch {
    readout.textContent = "No connection. This is what was last known.";
  } finally {
    busy = false;
  }
}

await fetchCharts();
setInterval(look, LOOK_EVERY_MS);
let resized;
new ResizeObserver(() => { clearTimeout(resized); resized = setTimeout(() => data && draw(), 150); }).observe(frame);
