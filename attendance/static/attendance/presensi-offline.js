/* The page that stands in where there is no network: it keeps presses, it sends none. */
"use strict";

(() => {
  const { account, keep, locate, newKey, show } = window.presensi;
  const words = document.querySelector("[data-message-text]");
  const buttons = [...document.querySelectorAll("[data-keep]")];

  if (!account()) {
    words.textContent = "Masuk dahulu dengan akun Anda selagi ada jaringan; ponsel ini belum mengenal siapa pun.";
    buttons.forEach((button) => (button.disabled = true));
  }
  for (const button of buttons) {
    button.addEventListener("click", async () => {
      buttons.forEach((one) => (one.disabled = true));
      words.textContent = "Membaca lokasi…";
      keep({ kind: button.dataset.keep, key: newKey(), queued: 1, ...(await locate()) });
      words.textContent = "Disimpan di ponsel, belum tercatat di server.";
      show();
      buttons.forEach((one) => (one.disabled = false));
    });
  }
  const leave = () => window.location.assign("/presensi/");
  window.addEventListener("online", leave);
  // "online" tells of the phone, not of the server: an answer of any kind says that it is there.
  setInterval(() => {
    if (!navigator.onLine || buttons.some((one) => one.disabled && account())) return;
    fetch("/presensi/luring/", { method: "HEAD", cache: "no-store" }).then(leave, () => undefined);
  }, 10000);
  show();
})();
