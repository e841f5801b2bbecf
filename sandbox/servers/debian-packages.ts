// Takes programs out of the distribution's packages (Debian, Ubuntu): downloaded and unpacked beside the data, so that it needs no
// rights, starts no system service and leaves the machine as it was.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockInstalls } from '../../scripts/install.mjs';
import { StepFailure } from '../../scripts/steps.mjs';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface DebianProgram {
  /** What people call it, for messages. */
  readonly title: string;
  /** What to do instead, told with every failure. */
  readonly cure: string;
  /** Its folder below `.parkwell/`. */
  readonly folder: string;
  /** The packages to take, without their libraries; of several sets the first whose first package apt knows. */
  readonly packages: readonly (readonly [string, ...string[]])[];
}

/** Gives the folder of the unpacked packages, with all libraries that this machine lacks; the first call downloads them, others wait for it. */
export async function unpackPackages(program: DebianProgram): Promise<string> {
  const unpacked = join(checkout, '.parkwell', program.folder);
  if (existsSync(unpacked)) return unpacked;
  const unlock = await lockInstalls();
  try {
    if (!existsSync(unpacked)) await download(program, unpacked);
  } finally {
    unlock();
  }
  return unpacked;
}

/** For LD_LIBRARY_PATH: every folder with a library in it; undefined when the machine has all libraries itself. */
export function libraryPathOf(unpacked: string): string | undefined {
  const libraries = join(unpacked, 'usr', 'lib');
  if (!existsSync(libraries)) return undefined;
  const found = readdirSync(libraries, { withFileTypes: true, recursive: true })
    .filter((entry) => /\.so(\.|$)/.test(entry.name))
    .map((entry) => entry.parentPath);
  return [...new Set(found)].join(':');
}

async function download(program: DebianProgram, unpacked: string): Promise<void> {
  const work = `${unpacked}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const files = join(work, 'packages');
    const root = join(work, 'root');
    mkdirSync(files);
    mkdirSync(root);
    const packages = await new Apt(program, work).needed();
    await run(program, ['apt-get', ...packages.options, 'download', ...packages.names], files);
    for (const file of readdirSync(files)) await run(program, ['dpkg', '-x', join(files, file), root], files);
    renameSync(root, unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Apt {
  private readonly program: DebianProgram;
  private readonly work: string;
  // apt otherwise tries to drop root's rights to a user who cannot write into our folder, and warns.
  private options = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];

  constructor(program: DebianProgram, work: string) {
    this.program = program;
    this.work = work;
  }

  /** What to download, and the options under which apt knows it. */
  async needed(): Promise<{ names: string[]; options: string[] }> {
    const roots = (await this.known()) ?? (await this.knownInOwnLists());
    if (roots === undefined) {
      const { title, cure } = this.program;
      throw new StepFailure(`${title} is missing, and apt knows no package of it`, cure);
    }
    return { names: await this.withLibraries(roots), options: this.options };
  }

  private async known(): Promise<readonly string[] | undefined> {
    for (const packages of this.program.packages) {
      const policy = await this.run('apt-cache', ['policy', packages[0]]);
      if (/Candidate: (?!\(none\))/.test(policy)) return packages;
    }
    return undefined;
  }

  /** Private lists need no rights; a fresh container has none of its own. */
  private async knownInOwnLists(): Promise<readonly string[] | undefined> {
    const lists = join(this.work, 'lists');
    const cache = join(this.work, 'cache');
    mkdirSync(join(lists, 'partial'), { recursive: true });
    mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
    const settings = [`Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`, 'Debug::NoLocking=1'];
    this.options = [...this.options, ...settings.flatMap((setting) => ['-o', setting])];
    await this.run('apt-get', ['update']);
    return this.known();
  }

  /** The packages and those of their libraries that this machine lacks. */
  private async withLibraries(roots: readonly string[]): Promise<string[]> {
    const listed = await run(this.program, ['dpkg-query', '-W', '-f', '${db:Status-Status} ${Package}\n'], '/');
    const installed = new Set(listed.split('\n'));
    const needed = new Set(roots);
    // A set is walked with what is added on the way.
    for (const name of needed) {
      const depends = await this.run('apt-cache', ['depends', '-i', name]);
      for (const [, library = ''] of depends.matchAll(/^ [ |](?:Pre)?Depends: ((?:lib|lua)\S+)/gm)) {
        // What is no library (adduser, init scripts) belongs to an installed service, which this is not.
        if (!installed.has(`installed ${library}`)) needed.add(library);
      }
    }
    return [...needed];
  }

  private run(command: string, args: readonly string[]): Promise<string> {
    return run(this.program, [command, ...this.options, ...args], this.work);
  }
}

function run(
  { title, cure }: DebianProgram,
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const endWithUs = () => child.kill();
    process.once('exit', endWithUs);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', () =>
      reject(new StepFailure(`${title} is missing, and this machine has no apt to take it from`, cure)),
    );
    child.on('close', (code) => {
      process.off('exit', endWithUs);
      if (code === 0) return resolve(output);
      reject(new StepFailure(`${title} is missing, and "${command}" could not bring it`, cure, output));
    });
  });
}
