import type { CodegenConfig } from '@graphql-codegen/cli';

/** The types of both: what each scalar is on the wire, and documents as text, so that no parser of them is needed. */
const client = {
  preset: 'client' as const,
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: 'string',
    enumsAsTypes: true,
    useTypeImports: true,
    strictScalars: true,
    emitLegacyCommonJSImports: false,
    importExtension: '.ts',
    defaultScalarType: 'unknown',
    scalars: {
      CountryCode: 'string',
      Currency: 'string',
      DateTime: 'string',
      EmailAddress: 'string',
      ID: 'string',
      JournalText: 'string',
      Locale: 'string',
      LongText: 'string',
      PositiveInt: 'number',
      SafeInt: 'number',
      TariffDocument: 'Record<string, unknown>',
      ShortText: 'string',
      TimeZone: 'string',
      UUID: 'string',
    },
  },
};

/**
 * Typed documents from the published schema: for the tests from `test/documents/`, made when they run; for the pages from their folders in
 * `web/`, committed, because the pages are built where there are no development tools. `npm run codegen`.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'test/generated/': { ...client, documents: ['test/documents/**/*.graphql'] },
    'web/generated/': { ...client, documents: ['web/**/*.graphql'] },
  },
};

export default config;
