declare module '@messageformat/core/compile-module' {
  import type MessageFormat from '@messageformat/core';

  /** The text of a module whose default export has a function for every message. */
  export default function compileModule(format: MessageFormat, messages: Record<string, string>): string;
}
