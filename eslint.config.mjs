// The rules of the house that a machine can check: which folder may import which, who reads the environment and the
// clock, how long a function may be, and what a file may not be called.

import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// --- Imports run one way -------------------------------------------------------------------------------------------

const FOLDERS = [
  ...[
    'domain',
    'entities',
    'migrations',
    'platform',
    'allocation',
    'payments',
    'availability',
    'accounts',
    'discounts',
    'insight',
    'incidents',
    'sensors',
    'hardware',
  ],
  ...['booking', 'gate', 'jobs', 'schema', 'resolvers', 'http'],
];
const VERBS = [
  ...['allocation', 'payments', 'availability', 'accounts', 'discounts', 'insight', 'incidents', 'sensors', 'hardware'],
  ...['booking', 'gate'],
];

/**
 * folder: the folders it may import besides itself, and the packages (regular expression) if not all of them.
 * `types` are folders of which only types may be imported.
 */
const IMPORTS = {
  domain: { folders: [], packages: 'temporal-polyfill', because: 'rules are pure: no clock, no chance, no library' },
  entities: { folders: ['domain'], packages: '@mikro-orm/.*', because: 'a table knows no behaviour' },
  migrations: { folders: [], packages: '@mikro-orm/.*', because: 'a released migration must not change with the code' },
  platform: { folders: ['domain'], because: 'the platform knows no verbs' },
  allocation: {
    folders: ['domain', 'entities', 'platform', 'incidents'],
    because: 'allocation stands below booking and gate',
  },
  payments: { folders: ['domain', 'entities', 'platform'], because: 'payments stand below booking and gate' },
  discounts: { folders: ['domain', 'entities', 'platform'], because: 'discounts stand below quotes and bookings' },
  availability: {
    folders: ['domain', 'entities', 'platform', 'discounts'],
    because: 'availability stands below booking and gate',
  },
  accounts: {
    folders: ['domain', 'entities', 'platform', 'allocation'],
    because: 'accounts stand below booking and gate',
  },
  insight: { folders: ['domain', 'entities', 'platform'], because: 'reports read tables, not verbs' },
  incidents: { folders: ['domain', 'entities', 'platform'], because: 'whoever finds something wrong reports it here' },
  sensors: {
    folders: ['domain', 'entities', 'platform', 'incidents', 'allocation'],
    because: 'what is seen on the spots stands below booking and gate',
  },
  hardware: {
    folders: ['domain', 'entities', 'platform', 'incidents'],
    because: 'what cameras say and relays do is turned into scans at the edge',
  },
  booking: {
    folders: ['domain', 'entities', 'platform', 'allocation', 'payments', 'availability', 'discounts', 'incidents'],
    because: 'booking and gate meet in the tables, not in the code',
  },
  gate: {
    folders: ['domain', 'entities', 'platform', 'allocation', 'payments', 'availability', 'discounts', 'incidents'],
    because: 'booking and gate meet in the tables, not in the code',
  },
  jobs: { folders: ['domain', 'entities', 'platform', ...VERBS], because: 'a job calls a verb' },
  schema: { folders: ['domain'], types: ['entities'], because: 'the schema is shape, not behaviour' },
  resolvers: {
    folders: ['domain', 'entities', 'schema', ...VERBS],
    types: ['platform'],
    because: 'a resolver asks who, calls the verb and shapes the answer; SQL, rules and transactions live below',
  },
};

/** The agent at a lane is a small program of its own: it starts without the libraries of databases and servers. */
const LANE = {
  files: 'src/gate/lane/**/*.ts',
  may: '^(?:\\.\\./\\.\\./(?:domain/.*|platform/(?:clock|log|ids)\\.ts)|\\.\\./(?:pass-token|scan|stay-due)\\.ts|\\./[^/]*|node:.*|zod)$',
  message: 'Not from gate/lane/: the agent starts without database libraries.',
};

/** Only these files may import these packages or modules. */
const SOLE_IMPORTERS = [
  {
    pattern: '^stripe$',
    files: ['src/payments/stripe.ts', 'src/payments/stripe-views.ts'],
    because: 'payments/stripe.ts is the only user of the SDK',
  },
];
const NO_TYPE_GRAPHQL = ['domain', 'entities', 'platform', ...VERBS, 'jobs'];
/** The list of entities and of migrations is handed to the ORM here. */
const DATABASE_FILES = ['src/platform/db.ts', 'src/platform/idempotency.ts'];

const up = (names) => `^(?:\\.\\./)+(?:${names.join('|')})(?:/|\\.ts$)`;

function importPatterns(folder, file) {
  const rule = IMPORTS[folder];
  const allowed = [folder, ...rule.folders, ...(rule.types ?? [])];
  if (DATABASE_FILES.includes(file)) allowed.push('entities', 'migrations');
  const patterns = [
    {
      regex: up(FOLDERS.filter((other) => !allowed.includes(other))),
      message: `Not from ${folder}/: ${rule.because}.`,
    },
    { regex: up(['main', 'sandbox', 'test', 'bench', 'scripts']), message: 'Nothing in src/ imports this.' },
  ];
  if (!['resolvers', 'schema', 'jobs'].includes(folder)) {
    patterns.push({ regex: up(['context']), message: 'The context of an operation ends at the resolvers.' });
  }
  if (rule.types) {
    patterns.push({
      regex: up(rule.types),
      allowTypeImports: true,
      message: `Only types, from ${folder}/: ${rule.because}.`,
    });
  }
  if (rule.packages) {
    patterns.push({
      regex: `^(?!\\.{1,2}/)(?!(?:${rule.packages})$)`,
      message: `Not from ${folder}/: ${rule.because}.`,
    });
  }
  if (NO_TYPE_GRAPHQL.includes(folder)) {
    patterns.push({ regex: '^(?:type-graphql|graphql|@apollo/.*)$', message: 'GraphQL ends at the resolvers.' });
  }
  for (const { pattern, files, because } of SOLE_IMPORTERS) {
    if (!files.includes(file)) patterns.push({ regex: pattern, message: `${because}.` });
  }
  return patterns;
}

const importRule = (folder, file) => ['error', { patterns: importPatterns(folder, file) }];

const exceptions = [...DATABASE_FILES, ...SOLE_IMPORTERS.flatMap(({ files }) => files)];
const importTable = [
  ...Object.keys(IMPORTS).map((folder) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': importRule(folder) },
  })),
  {
    files: [LANE.files],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [...importPatterns('gate'), { regex: `^(?!${LANE.may.slice(1)})`, message: LANE.message }] },
      ],
    },
  },
  ...exceptions.map((file) => ({
    files: [file],
    rules: { '@typescript-eslint/no-restricted-imports': importRule(file.split('/')[1], file) },
  })),
];

// --- One reader of the environment, one of the clock ---------------------------------------------------------------

const ENVIRONMENT = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Only src/config.ts reads the environment.',
};
const CLOCK = [
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  'CallExpression[callee.object.name="performance"][callee.property.name="now"]',
  'MemberExpression[object.name="Temporal"][property.name="Now"]',
].map((selector) => ({ selector, message: 'Time is an argument: only src/platform/clock.ts reads the clock.' }));
const CHANCE = {
  selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
  message: 'Chance is an argument, and secrets need node:crypto.',
};

// --- Names ---------------------------------------------------------------------------------------------------------

const SAYS_NOTHING = /^(?:utils?|helpers?|common|misc|manager|base|index)$/;

/** A file or folder is named for what it does in the business. */
const meaningfulName = {
  create: (context) => ({
    Program(node) {
      const parts = context.filename.slice(context.cwd.length + 1).split(/[/.]/);
      const empty = parts.find((part) => SAYS_NOTHING.test(part));
      if (empty) context.report({ node, message: `"${empty}" says nothing about what is in it.` });
    },
  }),
};

const sources = ['src/**/*.ts', 'sandbox/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'codegen.ts'];
const pages = ['web/**/*.{ts,tsx}'];
const tests = ['test/**/*.ts'];

export default tseslint.config(
  { ignores: ['node_modules/', '.parkwell/', 'dist/', 'coverage/', 'test/generated/', 'web/generated/', 'web/dist/'] },
  eslint.configs.recommended,
  {
    plugins: { parkwell: { rules: { 'meaningful-name': meaningfulName } } },
    rules: { 'parkwell/meaningful-name': 'error' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  {
    files: [...sources, ...pages, ...tests],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })] },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'import-x/no-cycle': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-params': ['error', { max: 3 }],
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: [...sources, ...pages],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-lines-per-function': ['error', { max: 70 }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ENVIRONMENT, ...CLOCK, CHANCE] },
  },
  { files: ['src/config.ts'], rules: { 'no-restricted-syntax': ['error', ...CLOCK, CHANCE] } },
  { files: ['src/platform/clock.ts'], rules: { 'no-restricted-syntax': ['error', ENVIRONMENT, CHANCE] } },
  { files: ['src/resolvers/**/*.ts'], rules: { 'max-lines-per-function': ['error', { max: 25 }] } },
  { files: ['src/migrations/**/*.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  ...importTable,
  {
    // What comes back from the wire in a test is taken as it is.
    files: tests,
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
