/* Shows what the server pushes, also while no page of SOPan is open. It keeps nothing, answers no
   request of a page and decides nothing: a press opens the page where somebody signs in and reads. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // Not from here, or cut off: the plain sentence below is told instead.
  }
  const link = String(told.link ?? "");
  const shown = self.registration.showNotification("SOPan", {
    body: String(told.text ?? "Ada pemberitahuan baru."),
    icon: "/static/sopan/logo.svg",
    lang: "id",
    tag: link,
    data: { link: link.startsWith("/") && !link.startsWith("//") ? link : "/tugas/pemberitahuan/" },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.link));
});
