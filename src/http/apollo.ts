import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Kind, OperationTypeNode, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Context } from '../context.ts';
import type { Platform } from '../platform/platform.ts';
import { CodedError } from '../schema/coded-errors.ts';
import { tooCostly, type CostMeter } from './cost.ts';
import { causeOf, isInternal, presentError } from './errors.ts';
import { explainVariables } from './explain-variables.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { prefersGraphqlResponse } from './media-type.ts';

/** What Apollo Server hands to each hook here. */
interface EdgeContext extends Context {
  /** Set once the operation is known. */
  cost?: number;
}

/** Apollo Server without what costs time on each request. Documents reach it through `Documents`, so its own limits are a second guard. */
export async function startApollo(options: {
  platform: Platform;
  schema: GraphQLSchema;
  cost: CostMeter;
}): Promise<ApolloServer<EdgeContext>> {
  const { platform, schema, cost } = options;
  const apollo = new ApolloServer<EdgeContext>({
    schema,
    introspection: platform.config.introspection,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // Credentials travel in a header that no form can set, never in cookies.
    csrfPrevention: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: platform.log,
    parseOptions: { maxTokens: DOCUMENT_LIMITS.tokens },
    formatError: (_formatted, error) => presentError(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      edgePlugin({ platform, schema, cost }),
    ],
  });
  await apollo.start();
  return apollo;
}

function edgePlugin({
  platform,
  schema,
  cost,
}: {
  platform: Platform;
  schema: GraphQLSchema;
  cost: CostMeter;
}): ApolloServerPlugin<EdgeContext> {
  const listener: GraphQLRequestListener<EdgeContext> = {
    didResolveOperation: async ({ document, operation, request, response, contextValue }) => {
      if (!operation) return;
      contextValue.cost = costOf(cost, { document, operation, variables: request.variables ?? {} });
      const refusal = ofSubscription(operation) ?? tooCostly(contextValue.cost);
      if (!refusal) return;
      response.http.status = 400;
      throw refusal;
    },
    didEncounterErrors: async ({ errors, contextValue, operationName }) => {
      for (const error of errors) reportError(platform, error, { requestId: contextValue.requestId, operationName });
    },
    willSendResponse: async (context) => {
      if (context.errors) rewriteErrors(context, schema);
      if (context.response.body.kind !== 'single' || context.contextValue.cost === undefined) return;
      const result = context.response.body.singleResult;
      result.extensions = {
        ...result.extensions,
        cost: { requested: context.contextValue.cost, limit: DOCUMENT_LIMITS.cost },
      };
    },
  };
  return { requestDidStart: async () => listener };
}

function ofSubscription({ operation }: OperationDefinitionNode): CodedError | undefined {
  if (operation !== OperationTypeNode.SUBSCRIPTION) return undefined;
  return new CodedError('BAD_REQUEST', 'Send subscriptions over the websocket, at the same path.');
}

/** Variables that do not fit are told by the execution; such an operation costs nothing. */
function costOf(cost: CostMeter, operation: Parameters<CostMeter>[0]): number {
  try {
    return cost(operation);
  } catch {
    return 0;
  }
}

/** Logs what is our fault, and counts what was refused. */
export function reportError(
  platform: Platform,
  error: GraphQLError,
  about: { requestId: string; operationName?: string | null | undefined },
): void {
  if (!isInternal(error))
    return void platform.metrics.refused.inc({ reason: String(presentError(error).extensions?.['code']) });
  platform.metrics.refused.inc({ reason: 'INTERNAL' });
  platform.log.error({ err: causeOf(error), path: error.path, ...about }, 'an operation failed');
}

type Sending = Parameters<NonNullable<GraphQLRequestListener<EdgeContext>['willSendResponse']>>[0];

/** Puts the request id into each error, explains variables that do not fit, and gives the status the draft asks for. */
function rewriteErrors(context: Sending, schema: GraphQLSchema): void {
  const { body, http } = context.response;
  if (body.kind !== 'single') return;
  const { requestId } = context.contextValue;
  const variablesAtFault =
    context.errors?.some((error) => error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION) ?? false;
  if (variablesAtFault && context.operation) {
    const explained = explainVariables(schema, context.operation, context.request.variables ?? {});
    if (explained.length > 0) body.singleResult.errors = explained.map((error) => presentError(error));
    if (!acceptsGraphqlResponse(context)) http.status = 200;
  }
  for (const error of body.singleResult.errors ?? []) Object.assign(error.extensions ?? {}, { requestId });
}

function acceptsGraphqlResponse(context: GraphQLRequestContext<EdgeContext>): boolean {
  return prefersGraphqlResponse(context.request.http?.headers.get('accept'));
}
