import { pino, type Logger } from 'pino';

export type { Logger };

/** The process's log: JSON lines on standard output. Credentials and plates are cut out wherever they appear under these names. */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'plate',
        '*.plate',
        'authorization',
        '*.authorization',
        'headers.cookie',
        'password',
        '*.password',
        '*.pass',
        'token',
        '*.token',
        '*.secret',
        '*.clientSecret',
      ],
      censor: '[redacted]',
    },
    formatters: { level: (label) => ({ level: label }) },
  });
}
