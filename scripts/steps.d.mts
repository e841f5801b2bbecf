export declare class StepFailure extends Error {
  readonly cure: string;
  readonly detail: string | undefined;
  constructor(cause: string, cure: string, detail?: string);
}
export declare function step<T>(title: string, work: () => Promise<T>, remark?: (result: T) => string): Promise<T>;
export declare function printFailure(error: unknown): void;
