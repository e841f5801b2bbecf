/* global addEventListener, self, URL, location, caches, fetch */
// Keeps the driver's page on the device, so that it opens without a network. Answers of the interface are never kept here: the page
// itself keeps the passes it has shown.
const KEPT = 'parkwell-app-1';
const PAGE = '/app';

addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

// The page says what it has loaded before this worker was there.
addEventListener('message', ({ data }) => {
  if (Array.isArray(data?.keep)) void caches.open(KEPT).then((kept) => kept.addAll(data.keep));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(request));
  else if (request.mode === 'navigate' && (pathname === PAGE || pathname.startsWith(`${PAGE}/`)))
    event.respondWith(fetchedOrKept(request));
});

async function keepPage() {
  const kept = await caches.open(KEPT);
  const page = await fetch(PAGE, { cache: 'no-cache' });
  const assets = [...(await page.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  await kept.put(PAGE, page);
  await kept.addAll(assets);
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name !== KEPT && name.startsWith('parkwell-app-')).map((name) => caches.delete(name)),
  );
}

/** Names of assets change with their content, so a kept one is never old. */
async function keptOrFetched(request) {
  const kept = await caches.open(KEPT);
  // Scripts are asked for with an origin and were kept without one.
  const found = await kept.match(request, { ignoreVary: true });
  if (found) return found;
  const fetched = await fetch(request);
  if (fetched.ok) await kept.put(request, fetched.clone());
  return fetched;
}

async function fetchedOrKept(request) {
  try {
    const fetched = await fetch(request);
    if (fetched.ok) {
      const kept = await caches.open(KEPT);
      await kept.put(PAGE, fetched.clone());
    }
    return fetched;
  } catch (error) {
    const found = await caches.match(PAGE, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
}
