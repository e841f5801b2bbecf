// Imported first: says what to do where the rest would fail in words that nobody understands.

const LEAST = [22, 17] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
  process.stderr.write(
    `Parkwell needs Node.js ${LEAST.join('.')} or newer; this is ${process.versions.node}.\n` +
      'The packages bring Node 24 with them: start it with node_modules/.bin/node, or let `npm start` do all of it.\n',
  );
  process.exit(1);
}
