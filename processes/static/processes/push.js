/* The button by which a browser begins to listen: it asks its owner, then sends the form. */
"use strict";

(() => {
  const form = document.querySelector("form[data-push-key]");
  if (!form) return;
  const button = form.querySelector("button");
  const said = form.querySelector("[role=status]");
  const can = "serviceWorker" in navigator && "PushManager" in window && window.isSecureContext;
  if (!can) {
    said.textContent = "Peramban ini tidak dapat menerima pemberitahuan; coba Chrome, Edge, atau Firefox.";
    return;
  }
  said.textContent = "";
  button.hidden = false;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };

  const listen = async () => {
    if ((await Notification.requestPermission()) !== "granted") {
      said.textContent = "Peramban tidak diizinkan menampilkan pemberitahuan. Izinkan di pengaturan peramban, lalu coba lagi.";
      return;
    }
    await navigator.serviceWorker.register(form.dataset.pushWorker);
    const registration = await navigator.serviceWorker.ready;
    const key = bytes(form.dataset.pushKey);
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    const one = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const told = one.toJSON();
    form.elements.endpoint.value = told.endpoint;
    form.elements.p256dh.value = told.keys.p256dh;
    form.elements.auth.value = told.keys.auth;
    form.submit();
  };

  button.addEventListener("click", (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = "Menghubungi layanan peramban…";
    listen()
      .catch(() => {
        said.textContent = "Layanan peramban tidak terjangkau. Periksa sambungan internet, lalu coba lagi.";
      })
      .finally(() => (button.disabled = false));
  });
})();
