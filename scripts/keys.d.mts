export declare function freshKeys(): Record<'TOKEN_PRIVATE_KEY' | 'PASS_PRIVATE_KEY' | 'DATA_KEY', string>;
