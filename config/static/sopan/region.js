/* A part of a page that looks again by itself: <div id="..." data-live-seconds="5">.

   Only this part is exchanged; what is ticked, open or has the focus stays as it is, and nothing
   is exchanged while somebody types in it. */
"use strict";

(() => {
  const region = document.querySelector("[data-live-seconds][id]");
  if (!region) return;
  let seconds = Number(region.dataset.liveSeconds);
  const fields = "input[type=text], input[type=search], textarea, select";

  const plain = (part) => part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
  const types = () =>
    [...region.querySelectorAll(fields)].some((field) => field === document.activeElement);
  const focusable = () => [...region.querySelectorAll("a, button, input, summary")];
  const folds = (part) => [...part.querySelectorAll("details")];

  const exchange = (fresh) => {
    const ticked = [...region.querySelectorAll("input:checked")].map((box) => [box.name, box.value]);
    const open = folds(region).map((fold) => fold.open);
    const focus = focusable().indexOf(document.activeElement);
    region.innerHTML = fresh.innerHTML;
    for (const box of region.querySelectorAll("input[type=checkbox]:not(:disabled)")) {
      box.checked = ticked.some(([name, value]) => box.name === name && box.value === value);
    }
    folds(region).forEach((fold, place) => (fold.open = Boolean(open[place])));
    if (focus >= 0) focusable()[focus]?.focus({ preventScroll: true });
  };

  const look = async () => {
    if (!document.hidden && !types()) {
      try {
        const answer = await fetch(window.location.href, {
          credentials: "same-origin",
          headers: { "X-Looks-Again": "1" },
        });
        if (answer.redirected) return window.location.reload(); // signed out meanwhile
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = answer.ok && page.getElementById(region.id);
        if (fresh) seconds = Number(fresh.dataset.liveSeconds) || seconds;
        if (fresh && !types() && plain(fresh) !== plain(region)) exchange(fresh);
      } catch {
        // The network is away for a moment; the next look may find it.
      }
    }
    setTimeout(look, seconds * 1000);
  };
  setTimeout(look, seconds * 1000);
})();
