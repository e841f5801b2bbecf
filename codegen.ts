import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for the tests, from the published schema and `test/documents/`: `npm run codegen`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/documents/**/*.graphql'],
  generates: {
    'test/generated/': {
      preset: 'client',
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
    },
  },
};

export default config;
