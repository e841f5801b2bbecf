/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "subscription Board($lotIds: [ID!]!) {\n  availability(lotIds: $lotIds) {\n    asOf\n    free\n    byLevel {\n      levelId\n      free\n    }\n  }\n}": typeof types.BoardDocument,
    "mutation Refresh($input: RefreshLoginInput!) {\n  refreshLogin(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nmutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    userErrors {\n      code\n    }\n  }\n}": typeof types.RefreshDocument,
};
const documents: Documents = {
    "subscription Board($lotIds: [ID!]!) {\n  availability(lotIds: $lotIds) {\n    asOf\n    free\n    byLevel {\n      levelId\n      free\n    }\n  }\n}": types.BoardDocument,
    "mutation Refresh($input: RefreshLoginInput!) {\n  refreshLogin(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nmutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    userErrors {\n      code\n    }\n  }\n}": types.RefreshDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "subscription Board($lotIds: [ID!]!) {\n  availability(lotIds: $lotIds) {\n    asOf\n    free\n    byLevel {\n      levelId\n      free\n    }\n  }\n}"): typeof import('./graphql.ts').BoardDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation Refresh($input: RefreshLoginInput!) {\n  refreshLogin(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n  }\n}\n\nmutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    login {\n      accessToken\n      accessTokenExpiresAt\n      refreshToken\n      refreshTokenExpiresAt\n    }\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nmutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    userErrors {\n      code\n    }\n  }\n}"): typeof import('./graphql.ts').RefreshDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
