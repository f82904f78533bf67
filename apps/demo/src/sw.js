// The service worker's text; the build puts `version` and `files` above it. What the build made never changes under its
// name, so the cache answers first; the page itself is asked for anew where there is a network.
const cacheName = `tatami-${version}`;

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(["./", ...files].map((file) => new Request(file, { cache: "reload" })));
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("tatami-") && name !== cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(clean());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const answer = async () => {
    const cache = await caches.open(cacheName);
    if (request.mode === "navigate") {
      try {
        return await fetch(request);
      } catch {
        return (await cache.match(request, { ignoreSearch: true })) ?? (await cache.match("./")) ?? Response.error();
      }
    }
    const known = await cache.match(request, { ignoreSearch: true });
    if (known !== undefined) return known;
    // Without network this device has no data of the host's: that is an answer, too.
    if (request.url === `${registration.scope}data/index.json`) return fetch(request).catch(() => Response.json({}));
    return fetch(request);
  };
  event.respondWith(answer());
});
