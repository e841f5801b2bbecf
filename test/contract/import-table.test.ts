import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** The house's rules need no types, which makes them a matter of a second. */
const LINTER = `
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const [filePath, program] = process.argv.slice(1);
  const linter = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
  const [report] = await linter.lintText(program, { filePath });
  console.log(JSON.stringify(report.messages));
`;

/** The lines that the house's rules refuse in a program, if it stood in that file. */
function complaints(file: string, program: string): string[] {
  const args = ['--input-type=module', '--eval', LINTER, file, program];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const messages = JSON.parse(stdout) as { ruleId: string | null; line: number }[];
  const lines = messages.filter(({ ruleId }) => /no-restricted/.test(ruleId ?? '')).map(({ line }) => line);
  return [...new Set(lines)].map((line) => program.split('\n')[line - 1]!);
}

test('a rule of the domain may use the domain and the Temporal polyfill, and neither clock, chance nor environment', () => {
  const refused = [
    `import '../entities/lot.ts';`,
    `import '../platform/clock.ts';`,
    `import 'node:crypto';`,
    `import 'ioredis';`,
    `Date.now();`,
    `new Date();`,
    `Math.random();`,
    `process.env['PORT'];`,
  ];
  const allowed = [`import './money.ts';`, `import { Temporal } from 'temporal-polyfill';`, `new Date(0);`];
  expect(complaints('src/domain/period.ts', [...refused, ...allowed].join('\n'))).toEqual(refused);
});

test('the platform knows the tables in db.ts only, and no verbs', () => {
  const program = [`import '../entities/lot.ts';`, `import '../booking/reserve-spot.ts';`, `import 'stripe';`];
  expect(complaints('src/platform/db.ts', program.join('\n'))).toEqual(program.slice(1));
  expect(complaints('src/platform/redis.ts', program.join('\n'))).toEqual(program);
});

test('sensors may report, claim and re-seat, and know neither gates nor bookings', () => {
  const refused = [`import '../gate/check-in.ts';`, `import '../booking/reserve-spot.ts';`, `import 'graphql';`];
  const allowed = [`import '../incidents/raise-incident.ts';`, `import '../allocation/reseat.ts';`];
  expect(complaints('src/sensors/find-strangers.ts', [...refused, ...allowed].join('\n'))).toEqual(refused);
  expect(complaints('src/incidents/raise-incident.ts', allowed[1]!)).toEqual([allowed[1]]);
});

test('a table knows no verbs, no GraphQL and nothing outside of src', () => {
  const refused = [
    `import '../context.ts';`,
    `import '../main.ts';`,
    `import '../../sandbox/places.ts';`,
    `import 'type-graphql';`,
    `import '../gate/check-in.ts';`,
  ];
  expect(complaints('src/entities/lot.ts', refused.join('\n'))).toEqual(refused);
});

test('the lane agent may use the rules, its own folder and the few files that need no server', () => {
  const refused = [
    `import '../check-in.ts';`,
    `import '../../platform/db.ts';`,
    `import '../../entities/lot.ts';`,
    `import '../../accounts/device-keys.ts';`,
    `import 'ioredis';`,
    `import '@mikro-orm/postgresql';`,
  ];
  const allowed = [
    `import './journal.ts';`,
    `import '../pass-token.ts';`,
    `import '../../domain/admission.ts';`,
    `import '../../platform/clock.ts';`,
    `import 'node:sqlite';`,
  ];
  expect(complaints('src/gate/lane/agent.ts', [...refused, ...allowed].join('\n'))).toEqual(refused);
});
