// Chromium for the tests of the pages: the one on the path, else unpacked from the distribution's packages.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StepFailure } from '../../scripts/steps.mjs';
import { libraryPathOf, unpackPackages } from './debian-packages.ts';

const CURE = 'install chromium with your package manager.';

/** A browser program and what it must find in its environment. */
export interface ChromiumProgram {
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Finds `chromium` on the path, else unpacks one with two fonts (Latin, Japanese); fails with how to install it. */
export async function findChromium(): Promise<ChromiumProgram> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const folder = folders.find((each) => each && existsSync(join(each, name)));
    if (folder !== undefined) return { binary: join(folder, name), env: {} };
  }
  return unpackChromium();
}

async function unpackChromium(): Promise<ChromiumProgram> {
  const unpacked = await unpackPackages({
    title: 'Chromium',
    cure: CURE,
    folder: 'chromium-program',
    packages: [['chromium', 'chromium-common', 'fonts-dejavu-core', 'fonts-vlgothic']],
  });
  const binary = join(unpacked, 'usr', 'lib', 'chromium', 'chromium');
  if (!existsSync(binary))
    throw new StepFailure('the unpacked packages hold no chromium', `remove ${unpacked}; ${CURE}`);
  const libraryPath = libraryPathOf(unpacked);
  return {
    binary,
    env: {
      FONTCONFIG_FILE: fontsOf(unpacked),
      ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    },
  };
}

/** The unpacked fonts beside those of the machine, and a cache of their own. */
function fontsOf(unpacked: string): string {
  const folder = join(unpacked, 'fontconfig');
  const file = join(folder, 'fonts.conf');
  mkdirSync(folder, { recursive: true });
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    `<dir>${join(unpacked, 'usr', 'share', 'fonts')}</dir>`,
    '<dir>/usr/share/fonts</dir>',
    `<cachedir>${join(folder, 'cache')}</cachedir>`,
    '</fontconfig>',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}
