export declare function freshKeys(): Record<'TOKEN_PRIVATE_KEY' | 'PASS_PRIVATE_KEY' | 'DATA_KEY', string>;
export declare function nextPassKey(
  environment: Record<string, string | undefined>,
): Record<'PASS_PUBLIC_KEYS' | 'PASS_PRIVATE_KEY', string>;
