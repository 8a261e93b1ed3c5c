// Shows the fields of the chosen mode, and asks the server what follows from the entries as they stand.
const form = document.getElementById("draft");
const derived = document.getElementById("derived");
let waiting;
let asked = 0;

function showMode() {
  form.dataset.mode = form.elements.mode.value;
  form.dataset.bolus = form.elements.bolus?.checked ? "on" : "off";
}

async function ask() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.derived, { method: "POST", body: new FormData(form), redirect: "error" });
    const text = await answer.text();
    if (answer.ok && mine === asked) {
      derived.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    }
  } catch {
    // The review says the same; nothing is lost when this answer does not come.
  }
}

form.addEventListener("input", () => {
  showMode();
  clearTimeout(waiting);
  waiting = setTimeout(ask, 350);
});
showMode();
form.querySelector("[aria-invalid=true]")?.focus();
