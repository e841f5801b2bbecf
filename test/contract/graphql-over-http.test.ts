import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { startSystem, type TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], env: { GRAPHQL_INTROSPECTION: 'on' } });
});
afterAll(() => system?.stop());

test('the server passes all 61 audits of GraphQL over HTTP, without an error and without a warning', async () => {
  const results = await auditServer({ url: `${system.url}/graphql` });
  const complaints = results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, status }) => `${status} ${id} ${name}`);
  expect(complaints).toEqual([]);
  expect(results).toHaveLength(61);
});

test('the audits notice a server that does not speak GraphQL', async () => {
  const results = await auditServer({ url: `${system.url}/livez` });
  expect(results.filter(({ status }) => status === 'error').length).toBeGreaterThan(0);
});

test('a mutation is not executed by GET, and a query is', async () => {
  const get = (query: string) =>
    fetch(`${system.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'application/graphql-response+json' },
    });
  const mutation = await get('mutation { __typename }');
  expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
  const query = await get('{ __typename }');
  expect([query.status, await query.json()]).toEqual([200, expect.objectContaining({ data: { __typename: 'Query' } })]);
});

test('other methods are told which ones there are', async () => {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'PUT',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
});

test('answers carry security headers, and only origins on the list may read them', async () => {
  const answer = await fetch(`${system.url}/graphql?query={__typename}`, {
    headers: { origin: 'https://evil.example' },
  });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('an origin on the list may read the answers', async () => {
  const other = await startSystem({ roles: ['api'], beside: system, env: { ALLOWED_ORIGINS: 'https://park.example' } });
  try {
    const answer = await fetch(`${other.url}/graphql?query={__typename}`, {
      headers: { origin: 'https://park.example' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://park.example');
  } finally {
    await other.stop();
  }
});
