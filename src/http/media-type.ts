export const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * Whether the caller knows the media type of GraphQL over HTTP, in which the status tells of failed requests. To the others,
 * who accept plain JSON only, the draft has us answer 200 where the document or a variable is wrong.
 */
export function prefersGraphqlResponse(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes(GRAPHQL_RESPONSE);
}
