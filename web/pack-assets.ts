import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const LARGE_BYTES = 256 * 1024;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Puts a .br and a .gz beside each file of the pages, so that the server never packs anything itself. A picture or a font is packed already. */
export async function packAssets(folder: string): Promise<void> {
  const names = readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file));
  // All at once: zlib's own threads work them off.
  await Promise.all(names.map((name) => pack(join(folder, name))));
}

async function pack(file: string): Promise<void> {
  const bytes = await readFile(file);
  // The last levels cost seconds on the large files of the workbench for hardly a byte.
  const quality = bytes.length > LARGE_BYTES ? 5 : constants.BROTLI_MAX_QUALITY;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  await Promise.all([
    brotli(bytes, { params }).then((packed) => writeFile(`${file}.br`, packed)),
    zip(bytes, { level: 9 }).then((packed) => writeFile(`${file}.gz`, packed)),
  ]);
}
