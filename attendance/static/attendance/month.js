/* The month's matrix by mouse and by keys: arrows choose a day, Enter tells why it counts so.

   Without this script each name still leads to the person's days, each with its reason. */
"use strict";

(() => {
  const table = document.querySelector("table.month");
  if (!table) return;
  const month = table.dataset.month;
  const [year, number] = month.split("-").map(Number);
  const days = new Date(year, number, 0).getDate();
  table.classList.add("month--live");

  const people = () => [...table.tBodies[0].rows].filter((row) => !row.classList.contains("g"));
  const isDay = (cell) => cell?.tagName === "TD" && cell.cellIndex >= 1 && cell.cellIndex <= days;
  const open = (cell) => {
    const link = cell.parentElement.querySelector("th a");
    const employee = link && parseInt(link.getAttribute("href"), 10);
    if (!employee) return;
    const day = String(cell.cellIndex).padStart(2, "0");
    window.location.assign(`/absensi/mengapa/${employee}/${month}-${day}/`);
  };

  let current = null;
  const choose = (cell) => {
    if (!cell) return;
    if (current) current.removeAttribute("tabindex");
    current = cell;
    cell.tabIndex = 0;
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const first = people()[0]?.cells[1];
  if (isDay(first)) {
    current = first;
    first.tabIndex = 0;
  }

  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (isDay(cell) && !cell.parentElement.classList.contains("g")) open(cell);
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!isDay(cell)) return;
    const rows = people();
    const row = rows.indexOf(cell.parentElement);
    const column = cell.cellIndex;
    const to = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      PageUp: [Math.max(0, row - 15), column],
      PageDown: [Math.min(rows.length - 1, row + 15), column],
      Home: [row, 1],
      End: [row, days],
    }[event.key];
    if (event.key === "Enter" || event.key === " ") open(cell);
    else if (!to) return;
    else if (to[1] >= 1 && to[1] <= days) choose(rows[to[0]]?.cells[to[1]]);
    event.preventDefault();
  });
})();
