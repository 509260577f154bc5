/* The service worker of the doorstep: it keeps the empty page and its files, so that the page opens without a signal.
   Never anything about a person: the kept page comes from an address of its own that shows nobody's name, and what is
   sent or asked passes by here untouched. GIVEN comes from views/doorstep.py. */

const KEPT = `doorstep-${GIVEN.files.join().split("").reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7)}`;
const PATIENCE = 4000; /* milliseconds: a bad signal answers late or never */

const keepShell = async () => {
  const answer = await fetch(GIVEN.shell, { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (answer.ok) await (await caches.open(KEPT)).put(GIVEN.shell, answer);
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(KEPT)).addAll(GIVEN.files);
    await keepShell();
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("doorstep-") && name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

/* The page has just been opened with a signal: its streets and wording may be new. */
self.addEventListener("message", (event) => {
  if (event.data === "keep the page") event.waitUntil(keepShell().catch(() => {}));
});

const late = () => new Promise((_, failed) => setTimeout(() => failed(new Error("late")), PATIENCE));

const page = async (request) => {
  try {
    const answer = await Promise.race([fetch(request), late()]);
    if (answer.status < 500) return answer; /* a way to sign-in too: the browser follows it */
  } catch {
    /* no signal, or too little */
  }
  return (await caches.match(GIVEN.shell)) ?? Response.error();
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === GIVEN.page) event.respondWith(page(request));
  else if (GIVEN.files.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});
