/* Comfort on top of pages that work without it: the clock ticks, a page that waits looks again. */
"use strict";

(() => {
  const words = (seconds) => {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = seconds % 60;
    const parts = [];
    if (hours) parts.push(`${hours} jam`);
    if (minutes) parts.push(`${minutes} menit`);
    if (!hours && rest) parts.push(`${rest} detik`);
    return parts.join(" ") || "0 menit";
  };

  for (const figure of document.querySelectorAll("[data-clock]")) {
    const handled = Number(figure.dataset.clock);
    const standard = Number(figure.dataset.standard);
    const meter = figure.parentElement.querySelector("progress");
    const begin = Date.now();
    setInterval(() => {
      const now = handled + Math.floor((Date.now() - begin) / 1000);
      figure.textContent = words(now);
      if (meter && standard) {
        meter.value = Math.min(now, standard);
        meter.classList.toggle("meter--over", now > standard);
      }
    }, 1000);
  }

  const waiting = document.querySelector("[data-refresh-seconds]");
  if (waiting) {
    const seconds = Number(waiting.dataset.refreshSeconds);
    const look = () => {
      // Nobody is thrown off what he reads or types.
      const busy = document.hidden || document.activeElement?.matches("input, textarea, select");
      if (busy) setTimeout(look, seconds * 1000);
      else window.location.reload();
    };
    setTimeout(look, seconds * 1000);
  }
})();
