/* How long a form stood open: a beat each minute while it is seen, and one when it is left.

   <form data-beat="address">; the server adds the time since the last beat, idle time capped. A beat
   says whether anybody typed or pointed since the one before: who does is still there. */
"use strict";

(() => {
  const form = document.querySelector("form[data-beat]");
  if (!form || !navigator.sendBeacon) return;

  let touched = false;
  const touch = () => (touched = true);
  for (const kind of ["input", "keydown", "pointerdown"]) addEventListener(kind, touch);

  const beat = () => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    navigator.sendBeacon(form.dataset.beat + (touched ? "?typing" : "?untouched"), body);
    touched = false;
  };

  setInterval(() => document.hidden || beat(), 60000);
  document.addEventListener("visibilitychange", () => document.hidden && beat());
})();
