import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

test('a small query is answered with its cost', async () => {
  const lot = await makeLot(system);
  const { data, extensions, errors } = await system.client(await lot.driverToken()).query('{ __typename }');
  expect({ data, errors }).toEqual({ data: { __typename: 'Query' }, errors: undefined });
  expect(extensions.cost).toEqual({ requested: 0, limit: 1000 });
});
