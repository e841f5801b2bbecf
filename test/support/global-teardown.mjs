// After all tests: the PostgreSQL that the setup started ends, with its data.

export default async function stopServers() {
  await globalThis.parkwellTestPostgres?.stop();
}
