// npm run drill: the drills of test/drills in the sizes that were promised (10,000 flows, 2,000 no-shows); takes hours on a small machine.
// `npm run drill -- money-storm` runs some; PARKWELL_TEST_SEED=7 chooses other faults. `npm test` runs the same drills small.

const [, script, ...asked] = process.argv;
process.env.PARKWELL_FULL = '1';
const paths =
  asked.length === 0 ? ['test/drills'] : asked.map((name) => (name.startsWith('-') ? name : `test/drills/${name}`));
process.argv = [process.argv[0], script, ...paths];
await import('./test.mjs');
