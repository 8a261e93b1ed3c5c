// Counts down from what the server said was left. The pump decides; this only shows.
for (const shown of document.querySelectorAll("[data-left-ms]")) {
  const figure = shown.querySelector("strong");
  const ends = performance.now() + Number(shown.dataset.leftMs);
  const tick = () => {
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    if (seconds <= 0) {
      shown.textContent = shown.dataset.over;
      return;
    }
    if (figure) figure.textContent = seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
    setTimeout(tick, 250);
  };
  if (figure) tick();
}
