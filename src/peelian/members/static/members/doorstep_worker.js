/* The service worker of the pages at the door: it keeps them empty, with their files, so that they open without a signal.
   Never anything about a person: a page is kept as it is asked for with `?kept`, which shows nobody's name and nothing
   that was said or marked, and for a day; what is sent or asked passes by here untouched. GIVEN comes from
   members.waiting, from an address of each programme's own: a worker looks after nothing above its address. */

const OURS = `doorstep-${GIVEN.base}`;
const KEPT = `${OURS}-${GIVEN.files.join().split("").reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7)}`;
const PATIENCE = 4000; /* milliseconds: a bad signal answers late or never */
const DAY = 86_400_000;
const MARK = "X-Kept-At";

const named = (path) => `${path}?kept`;
const is_page = (request) => new URL(request.url).search === "?kept";

const keep = async (path) => {
  const answer = await fetch(named(path), { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (!answer.ok) return;
  const headers = new Headers(answer.headers);
  headers.set(MARK, Date.now());
  await (await caches.open(KEPT)).put(named(path), new Response(await answer.blob(), { headers }));
};

/* What has had its day goes. */
const forget_old = async () => {
  const cache = await caches.open(KEPT);
  for (const request of (await cache.keys()).filter(is_page)) {
    const answer = await cache.match(request);
    if (Number(answer.headers.get(MARK)) < Date.now() - DAY) await cache.delete(request);
  }
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await (await caches.open(KEPT)).addAll(GIVEN.files);
    await keep(GIVEN.base);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(`${OURS}-`) && name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

/* A page has just been opened with a signal: what it offers may be new. */
self.addEventListener("message", (event) => {
  const kept = (event.data.keep ?? []).map((path) => keep(path).catch(() => {}));
  event.waitUntil(Promise.all([self.clients.claim(), ...kept]));
});

const late = () => new Promise((_, failed) => setTimeout(() => failed(new Error("late")), PATIENCE));

const page = async (request, path) => {
  const coming = fetch(request);
  try {
    const answer = await Promise.race([coming, late()]);
    if (answer.status < 500) return answer; /* a way to sign-in too: the browser follows it */
  } catch {
    /* no signal, or too little */
  }
  await forget_old();
  return (await caches.match(named(path))) ?? coming;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(GIVEN.base)) event.respondWith(page(request, pathname));
  else if (GIVEN.files.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});
