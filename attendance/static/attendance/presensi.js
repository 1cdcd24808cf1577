/* One press: read the place, send it, show what the server says of it. */
"use strict";

(() => {
  const root = document.querySelector("[data-presensi]");
  if (!root) return;
  const { remember, mine, keep, drop, locate, show } = window.presensi;
  const message = root.querySelector("[data-message]");
  const token = root.querySelector("[name=csrfmiddlewaretoken]")?.value;
  remember(root.dataset.account);

  const say = (text) => {
    message.hidden = !text;
    message.querySelector("[data-message-text]").textContent = text;
  };

  /* Send one press; `undefined` where there is no network. */
  const send = async (press) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, sent_at: Date.now() });
    for (const name of ["kind", "key", "latitude", "longitude", "accuracy", "problem", "measured_at", "queued"]) {
      if (press[name] !== undefined) body.set(name, press[name]);
    }
    let answer;
    try {
      answer = await fetch(root.dataset.take, {
        method: "POST",
        body,
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
    } catch {
      return undefined;
    }
    const told = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.redirected || !told) return { gone: true }; // signed out, or the server is ill
    return answer.json();
  };

  const press = async (form) => {
    const button = form.querySelector("button");
    const before = button.innerHTML;
    root.querySelectorAll("button").forEach((one) => (one.disabled = true));
    say("");
    button.textContent = "Membaca lokasi…";
    const made = { kind: form.elements.kind.value, key: form.elements.key.value, ...(await locate()) };
    button.textContent = "Mengirim…";
    const answer = await send(made);
    if (answer?.page) {
      window.location.assign(answer.accepted ? answer.page : window.location.pathname);
      return;
    }
    if (answer === undefined) {
      keep({ ...made, queued: 1 });
      show();
      form.elements.key.value = window.presensi.newKey();
    } else if (answer.error) say(answer.error);
    else say("Server tidak menjawab seperti biasa; muat ulang halaman ini, lalu tekan lagi.");
    root.querySelectorAll("button").forEach((one) => (one.disabled = false));
    button.innerHTML = before;
  };

  /* Send what was kept, one after the other; what the server has is forgotten here. */
  let busy = false;
  const flush = async () => {
    if (busy || !token || !mine().length) return;
    busy = true;
    let sent = 0;
    for (const row of mine()) {
      const answer = await send(row);
      if (!answer || answer.gone) break;
      drop(row.key);
      sent += 1;
    }
    busy = false;
    show();
    if (sent) window.location.reload();
  };

  for (const form of root.querySelectorAll("[data-press]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(form);
    });
  }
  window.addEventListener("online", flush);

  const permission = root.querySelector("[data-permission]");
  const states = {
    granted: "Lokasi diizinkan; dibaca hanya saat tombol ditekan.",
    prompt: "Ponsel akan menanyakan izin lokasi saat tombol ditekan; pilih Izinkan.",
    denied: "Izin lokasi untuk halaman ini ditolak. Buka setelan situs pada peramban, izinkan Lokasi, lalu muat ulang.",
  };
  if (permission && !window.isSecureContext) {
    permission.textContent = "Alamat ini bukan HTTPS; peramban tidak memberi lokasi kepadanya. Beri tahu pengelola presensi.";
  } else if (permission && navigator.permissions) {
    navigator.permissions.query({ name: "geolocation" }).then((status) => {
      const tell = () => (permission.textContent = states[status.state] || permission.textContent);
      tell();
      status.addEventListener("change", tell);
    });
  }

  /* The server's clock goes on from what the page was told. */
  const clock = root.querySelector("[data-clock-of]");
  if (clock) {
    const ahead = Number(clock.dataset.clockOf) * 1000 - Date.now();
    const label = clock.textContent.trim().split(" ").at(-1);
    const format = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZone: clock.dataset.zone,
    });
    setInterval(() => {
      clock.textContent = `${format.format(new Date(Date.now() + ahead)).replaceAll(":", ".")} ${label}`;
    }, 1000);
  }

  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register(root.dataset.worker).catch(() => {});
  }
  show();
  flush();
})();
