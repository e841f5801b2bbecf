import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** The packages and folders of src/ that come into the process when the agent is loaded. */
const LOADED = `
  import { registerHooks } from 'node:module';
  const found = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const place = /node_modules\\/((?:@[^/]+\\/)?[^/]+)|\\/src\\/([^/]+)\\//.exec(resolved.url);
      if (place) found.add(place[1] ?? 'src/' + place[2]);
      return resolved;
    },
  });
  await import(process.argv[1]);
  console.log(JSON.stringify([...found].sort()));
`;

const DATABASES = /mikro|^pg|redis|graphql|apollo|fastify|stripe|agenda|mongo|embedded/;

test('the lane agent loads neither a database nor a server library, and none of the server’s own code but the rules', () => {
  const args = ['--disable-warning=ExperimentalWarning', '--import', 'tsx', '--input-type=module', '--eval', LOADED];
  const run = spawnSync(process.execPath, [...args, `${process.cwd()}/src/gate/lane/agent.ts`], { encoding: 'utf8' });
  const loaded = JSON.parse(run.stdout) as string[];
  expect(loaded.filter((name) => DATABASES.test(name))).toEqual([]);
  expect(loaded.filter((name) => name.startsWith('src/'))).toEqual(['src/domain', 'src/gate', 'src/platform']);
});
