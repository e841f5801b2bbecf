/** Labels to be painted: `pattern` has one run of hashes ("2-###"), which become `count` numbers from `firstNumber` on. */
export interface SpotLabelPattern {
  readonly pattern: string;
  readonly firstNumber: number;
  readonly count: number;
}

export type SpotLabels =
  { readonly labels: string[] } | { readonly field: 'pattern' | 'firstNumber' | 'count'; readonly message: string };

const MAX_LABEL_LENGTH = 16;
const MAX_COUNT = 2000;
const MAX_NUMBER = 999_999;
/** Letters, digits and a few marks, with one run of hashes. */
const PATTERN = /^([\p{L}\p{N} ./-]*)(#+)([\p{L}\p{N} ./-]*)$/u;

/** The labels that a pattern stands for, with leading zeros as wide as its hashes; or what is wrong with it. */
export function spotLabels({ pattern, firstNumber, count }: SpotLabelPattern): SpotLabels {
  const [, before, hashes, after] = PATTERN.exec(pattern.trim()) ?? [];
  if (before === undefined || hashes === undefined || after === undefined || pattern.length > MAX_LABEL_LENGTH) {
    return {
      field: 'pattern',
      message: `A pattern is up to ${MAX_LABEL_LENGTH} letters, digits and hyphens with one run of #: "2-###".`,
    };
  }
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    return { field: 'count', message: `From 1 to ${MAX_COUNT} spots at a time.` };
  }
  if (!Number.isInteger(firstNumber) || firstNumber < 0 || firstNumber + count - 1 > MAX_NUMBER) {
    return { field: 'firstNumber', message: `Numbers are from 0 to ${MAX_NUMBER}.` };
  }
  const number = (index: number) => String(firstNumber + index).padStart(hashes.length, '0');
  return { labels: Array.from({ length: count }, (_, index) => `${before}${number(index)}${after}`) };
}
