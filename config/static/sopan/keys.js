/* Keys on the pages of tasks; /tugas/pintasan/ tells them and turns them off (WCAG 2.1.4).

   A letter counts only where nobody types and with no other key held. */
"use strict";

(() => {
  const places = { t: "/tugas/", a: "/tugas/antrean/", r: "/tugas/riwayat/", p: "/proses/" };
  const rows = [...document.querySelectorAll("[data-list] a.row")];
  let going = 0; // until when the letter after "g" is waited for

  const types = (target) =>
    target.isContentEditable || (target.matches("input, textarea, select") && !isMark(target));
  const isMark = (target) => target.matches("input[type=checkbox], input[type=radio]");

  const move = (by) => {
    const line = document.activeElement.closest("[data-list] > li");
    const here = line ? rows.indexOf(line.querySelector("a.row")) : -1;
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
  };
  const mark = () =>
    document.activeElement.closest("[data-list] > li")?.querySelector("input[type=checkbox]")?.click();
  const first = () =>
    document
      .querySelector(
        "form[data-draft] :is(input:not([type=hidden]), textarea, select), .task__work .button",
      )
      ?.focus();

  const acts = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    x: mark,
    m: first,
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => location.assign("/tugas/pintasan/"),
    g: () => (going = Date.now() + 1500),
  };

  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.defaultPrevented || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      const button = document.querySelector("form[data-draft] .actions [formaction]");
      if (key === "s" && button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    if (types(target)) return;
    if (Date.now() < going && places[key]) {
      going = 0;
      event.preventDefault();
      return location.assign(places[key]);
    }
    const isArrow = key.startsWith("Arrow");
    if (!acts[key] || (isArrow && !target.closest("[data-list]"))) return; // arrows scroll elsewhere
    event.preventDefault();
    acts[key]();
  });
})();
