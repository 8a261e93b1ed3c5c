{% load static %}// Keeps the last screen for when there is no connection. A dose can never be asked for from memory:
// only pages and files are kept, and a request that cannot be sent is answered at once with the screen.
const KEPT = "thecal-handset-1";
const FILES = ["{% static 'design/tokens.css' %}", "{% static 'design/base.css' %}", "{% static 'patient/handset.css' %}",
  "{% static 'patient/handset.js' %}", "{% static 'vendor/source-sans-3/source-sans-3-latin-wght-normal.woff2' %}"];

self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))).then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  const screen = request.mode === "navigate";
  const file = new URL(request.url).pathname.startsWith("{% static '' %}");
  if (!screen && !file) return;
  event.respondWith(fetch(request).then((answer) => {
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(KEPT).then((kept) => kept.put(request, copy)));
    }
    return answer;
  }).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()));
});
