// Keeps the simulated time in the banner current. Asking by itself does not keep anybody signed in.
const shown = document.getElementById("bench-time");

async function ask() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(shown.dataset.from, { headers: { "X-Thecal-Poll": "1" }, redirect: "error" });
      if (answer.ok) {
        const { bench } = await answer.json();
        shown.textContent = bench ?? "standing: no answer";
      }
    } catch {
      shown.textContent = "standing: no answer";
    }
  }
  setTimeout(ask, 5000);
}

if (shown) setTimeout(ask, 5000);
