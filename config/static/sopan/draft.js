/* What is typed is kept while it is typed: at most five seconds after, and when the page is left.

   <form data-draft="address">, and <p data-draft-state> that tells when; files wait for a press of a
   button. Without this the button "Simpan draf" does the same. */
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  const told = form && form.querySelector("[data-draft-state]");
  if (!told) return;

  const SECONDS = 5;
  let typed = false;
  let sending = false;
  let leaving = false; // a button was pressed: the form itself carries everything
  form.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));

  const words = (text, failed) => {
    told.textContent = text;
    told.classList.toggle("is-failed", failed);
    told.setAttribute("aria-live", failed ? "polite" : "off"); // every five seconds is no news
  };

  const keep = async () => {
    if (!typed || sending || leaving) return;
    typed = false;
    sending = true;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body,
        keepalive: document.hidden,
        credentials: "same-origin",
        headers: { "X-Keeps-Draft": "1" },
      });
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (answer.redirected || !json) throw new Error(); // signed out, or the server is away
      words((await answer.json()).words, !answer.ok);
    } catch {
      typed = true; // the next try may come through
      words("Belum tersimpan: jaringan atau server tidak menjawab. Dicoba lagi.", true);
    }
    sending = false;
  };

  setInterval(keep, SECONDS * 1000);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
})();
