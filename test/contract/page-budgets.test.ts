import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const KIB = 1024;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parkwell-pages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A page of a script that can't be packed, and a part of it that is loaded when somebody asks for it. */
function makePage(name: string, { atFirst, later }: { atFirst: number; later: number }): void {
  const noise = (bytes: number) => `globalThis.noise += ${JSON.stringify(randomBytes(bytes).toString('base64'))};\n`;
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  writeFileSync(
    join(folder, name, 'main.js'),
    `${noise(atFirst)}addEventListener('click', () => import('./later.js'));`,
  );
  writeFileSync(join(folder, name, 'later.js'), noise(later));
}

/** What `npm run web` runs, for the pages of this folder. */
function build(...budgets: string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'web/build.ts', folder, ...budgets], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

test('a page within its budget is built, and a page over it fails the build, also by a part that is loaded later', async () => {
  makePage('small', { atFirst: KIB, later: KIB });
  makePage('large', { atFirst: KIB, later: 4 * KIB });
  const within = await build('small=5', 'large=8');
  expect(within).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'dist', 'small', 'index.html'))).toBe(true);
  const over = await build('small=5', 'large=4');
  expect(over.code).toBe(1);
  expect(over.output).toMatch(/^large has more script than it may have/m);
  expect(over.output).not.toMatch(/^small has more/m);
}, 60_000);
