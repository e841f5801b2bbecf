/* global addEventListener, self, URL, location, caches, fetch */
// Keeps the driver's page on the device, so that it opens without a network. Page and parts are kept together, of one build. Answers of the
// interface are never kept here: the page itself keeps the passes it has shown.
const PARTS = [/* what the page is made of */];
const PAGE = '/app';
const KEPT = `parkwell-app-${nameOf(PARTS)}`;

addEventListener('install', (event) => {
  event.waitUntil(keepPage().then(() => self.skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (PARTS.includes(pathname)) event.respondWith(keptOrFetched(request));
  else if (request.mode === 'navigate' && (pathname === PAGE || pathname.startsWith(`${PAGE}/`)))
    event.respondWith(fetchedOrKept(request));
});

/** All of it, or the worker is not installed and the browser tries again. */
async function keepPage() {
  const kept = await caches.open(KEPT);
  const page = await fetch(PAGE, { cache: 'no-cache' });
  if (!page.ok) throw new Error(`the page answers ${page.status}`);
  const named = [...(await page.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  if (!named.every((path) => PARTS.includes(path))) throw new Error('the page is of another build');
  await kept.addAll(PARTS);
  await kept.put(PAGE, page);
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name !== KEPT && name.startsWith('parkwell-app-')).map((name) => caches.delete(name)),
  );
}

/** Names of parts change with their content, so a kept one is never old. */
async function keptOrFetched(request) {
  // Scripts are asked for with an origin and were kept without one.
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function fetchedOrKept(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await caches.match(PAGE, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
}

/** A short name that differs with the names of the parts. */
function nameOf(parts) {
  let sum = 0;
  for (const character of parts.join()) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0;
  return sum.toString(36);
}
