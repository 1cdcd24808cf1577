/* Presses that found no network, kept on this phone until they are sent; each once, by its key.

   What is kept is what was pressed, and by whose account. The phone's clock goes along as told; the
   server never takes it for the time of a presence. */
"use strict";

window.presensi = (() => {
  const QUEUE = "sopan-presensi-antrean";
  const ACCOUNT = "sopan-presensi-akun";
  const MOST = 20;
  const NAMES = { in: "presensi masuk", out: "presensi pulang" };

  const read = () => {
    try {
      const rows = JSON.parse(localStorage.getItem(QUEUE) || "[]");
      return Array.isArray(rows) ? rows : [];
    } catch {
      return [];
    }
  };
  const write = (rows) => localStorage.setItem(QUEUE, JSON.stringify(rows.slice(-MOST)));

  const account = () => localStorage.getItem(ACCOUNT) || "";
  const remember = (id) => localStorage.setItem(ACCOUNT, id);
  const mine = () => read().filter((row) => row.account === account());
  const keep = (press) => write([...read(), { ...press, account: account() }]);
  const drop = (key) => write(read().filter((row) => row.key !== key));

  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  };

  /* Where the phone is now; never rejects: a place, or the problem by name. */
  const locate = () =>
    new Promise((resolve) => {
      const measured = () => ({ measured_at: Date.now() });
      if (!window.isSecureContext) return resolve({ problem: "insecure", ...measured() });
      if (!navigator.geolocation) return resolve({ problem: "unavailable", ...measured() });
      navigator.geolocation.getCurrentPosition(
        ({ coords }) =>
          resolve({
            latitude: coords.latitude,
            longitude: coords.longitude,
            accuracy: coords.accuracy,
            ...measured(),
          }),
        ({ code }) =>
          resolve({ problem: ["", "denied", "unavailable", "timeout"][code] || "unavailable", ...measured() }),
        { enableHighAccuracy: true, maximumAge: 0, timeout: 20000 },
      );
    });

  const show = () => {
    const notice = document.querySelector("[data-queue]");
    if (!notice) return;
    const rows = mine();
    notice.hidden = !rows.length;
    notice.querySelector("[data-queue-text]").textContent = `${rows
      .map((row) => {
        const clock = new Date(row.measured_at);
        const two = (number) => String(number).padStart(2, "0");
        return `${NAMES[row.kind]} (${two(clock.getHours())}.${two(clock.getMinutes())} menurut ponsel)`;
      })
      .join(", ")}.`;
  };

  return { account, remember, mine, keep, drop, newKey, locate, show };
})();
