// Jest under Node 24, ended together with the command that started it.

import { run } from 'jest';

const stop = () => process.exit(130);
process.on('disconnect', stop);
process.on('message', stop);
process.env.NODE_ENV ??= 'test';
// Only a channel to hear the end on: it must not keep a finished run alive.
process.channel?.unref();

await run(process.argv.slice(2));
// What tests leave behind (Agenda: a timer of half a lease after each job) must not hold up the end. Jest has set the exit code.
process.exit();
