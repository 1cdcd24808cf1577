/* Keeps the page that stands in without a network, with what it is drawn with; nothing of anybody.

   Pages and answers of the server are never kept: an old page would show an old time. */
"use strict";

const CACHE = "sopan-presensi-1";
const STAND_IN = "/presensi/luring/";

const keepStandIn = async () => {
  const cache = await caches.open(CACHE);
  const page = await fetch(STAND_IN, { cache: "no-cache" });
  if (!page.ok) return;
  const text = await page.clone().text();
  await cache.put(STAND_IN, page);
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  await Promise.all(parts.map((part) => cache.add(part).catch(() => undefined)));
};

self.addEventListener("install", (event) => {
  event.waitUntil(keepStandIn().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("sopan-presensi") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const away = async () => {
    const cache = await caches.open(CACHE);
    const wanted = request.mode === "navigate" ? STAND_IN : request;
    return (await cache.match(wanted)) || Response.error();
  };
  event.respondWith(fetch(request).catch(away));
});
