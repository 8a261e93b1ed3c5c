// Counts down what the server said was left, and looks again every few seconds. The pump decides everything.
const living = document.getElementById("living");
const asleep = document.getElementById("asleep");
const LOOK_EVERY_MS = 3000;
let counting = [];
let busy = false;

const two = (number) => String(number).padStart(2, "0");

function written(leftMs) {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function begin() {
  const now = performance.now();
  counting = [...living.querySelectorAll("[data-left-ms]")].filter((digits) => "runs" in digits.dataset)
    .map((digits) => ({ digits, ends: now + Number(digits.dataset.leftMs) }));
}

function count() {
  for (const { digits, ends } of counting) digits.textContent = written(ends - performance.now());
}

function show(text) {
  const focused = document.activeElement?.closest("#ask") !== null;
  living.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  if (focused) living.querySelector("#ask button")?.focus();
  begin();
  asleep.hidden = true;
}

function lost() {
  asleep.hidden = false;
  asleep.textContent = "No connection: this is what was last known. A dose cannot be asked for now.";
  counting = [];
}

async function look() {
  if (busy || document.visibilityState !== "visible") return;
  busy = true;
  try {
    const answer = await fetch(living.dataset.from);
    if (answer.ok) show(await answer.text());
  } catch {
    lost();
  } finally {
    busy = false;
  }
}

living.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  button.querySelector("span").textContent = "Asking your pump …";
  const body = new FormData(event.target);
  while (busy) await new Promise((resolve) => setTimeout(resolve, 50));
  busy = true;
  try {
    const answer = await fetch(`${event.target.action}?part`, { method: "POST", body });
    show(await answer.text());
    living.querySelector("[role=status]")?.scrollIntoView({ block: "nearest" });
  } catch {
    lost(); // not kept and not repeated: whether it arrived, the pump says when it is reached again
    button.querySelector("span").textContent = "Not sent: no connection";
  } finally {
    busy = false;
  }
});

begin();
if (!navigator.onLine) lost();
setInterval(count, 250);
setInterval(look, LOOK_EVERY_MS);

// The worker keeps this screen, as it was within the last minute, for when there is no connection.
async function keep() {
  await navigator.serviceWorker.register("/worker.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  const page = async () => (await caches.open("thecal-handset-1")).add(location.pathname);
  await page();
  setInterval(() => { if (asleep.hidden) page().catch(lost); }, 60000);
}

if ("serviceWorker" in navigator && navigator.onLine) keep().catch(() => {}); // without it the screen works, only not offline
