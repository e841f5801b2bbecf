/** One thing that is wrong, and where ("cancellation.refundPercentAfter"). */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads a document that came from outside, field by field, and collects everything that is wrong with it instead of stopping at the
 * first. A field that is wrong reads as its fallback (or the least value allowed), so reading goes on; look at `errors` before use.
 */
export class FieldReader {
  readonly errors: FieldError[];
  readonly #fields: Fields;
  readonly #path: string;
  readonly #read = new Set<string>();

  constructor(value: unknown, path = '', errors: FieldError[] = []) {
    this.errors = errors;
    this.#path = path;
    this.#fields = isFields(value) ? value : {};
    if (!isFields(value)) errors.push({ field: path, message: 'must be an object' });
  }

  /** True when the document has the field, whatever its value. */
  has(field: string): boolean {
    this.#read.add(field);
    return this.#value(field) !== undefined;
  }

  /** A whole number within the range; without a fallback the field is required. */
  integer(field: string, range: IntegerRange, fallback?: number): number {
    return this.#number({ field, range, fallback, decimals: 0 });
  }

  /** A number within the range with at most two decimals. */
  hundredths(field: string, range: IntegerRange): number {
    return this.#number({ field, range, fallback: undefined, decimals: 2 });
  }

  boolean(field: string, fallback: boolean): boolean {
    const value = this.#take(field);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.refuse(field, 'must be true or false');
    return fallback;
  }

  /** One of the listed names. */
  oneOf<T extends string>(field: string, names: readonly T[], fallback: T): T {
    const value = this.#take(field);
    if (value === undefined) return fallback;
    const name = names.find((candidate) => candidate === value);
    if (name === undefined) this.refuse(field, `must be one of ${names.join(', ')}`);
    return name ?? fallback;
  }

  /** The text of a field, or undefined when it is none; the caller says what is wrong with it. */
  text(field: string): string | undefined {
    const value = this.#take(field);
    return typeof value === 'string' ? value : undefined;
  }

  /** A document inside the document; one that is missing reads as empty, so that its defaults apply. */
  section(field: string): FieldReader {
    return new FieldReader(this.#take(field) ?? {}, this.#pathOf(field), this.errors);
  }

  /** The elements of a list, each a document. */
  list(field: string): FieldReader[] {
    const value = this.#take(field);
    if (!Array.isArray(value)) {
      this.refuse(field, 'must be a list');
      return [];
    }
    const path = this.#pathOf(field);
    return value.map((element, index) => new FieldReader(element, `${path}[${index}]`, this.errors));
  }

  /** A list of texts; elements that are none are refused and left out. */
  texts(field: string): string[] {
    const value = this.#take(field);
    if (!Array.isArray(value)) {
      this.refuse(field, 'must be a list');
      return [];
    }
    return value.filter((element: unknown, index): element is string => {
      if (typeof element !== 'string') this.refuse(`${field}[${index}]`, 'must be text');
      return typeof element === 'string';
    });
  }

  /** The names of all fields the document has. */
  names(): string[] {
    return Object.keys(this.#fields);
  }

  /** Writes down what is wrong with a field of this document. */
  refuse(field: string, message: string): void {
    this.errors.push({ field: this.#pathOf(field), message });
  }

  /** Refuses every field that nobody has read: a misspelt rule must not silently be no rule. */
  refuseUnknown(): void {
    for (const name of this.names()) if (!this.#read.has(name)) this.refuse(name, 'is not a field of this document');
  }

  #number(ask: { field: string; range: IntegerRange; fallback: number | undefined; decimals: 0 | 2 }): number {
    const { field, range, fallback, decimals } = ask;
    const value = this.#take(field);
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'number' && hasAtMost(decimals, value) && value >= range.min && value <= range.max)
      return value;
    const kind = decimals === 0 ? 'a whole number' : 'a number with at most two decimals';
    this.refuse(field, `must be ${kind} from ${range.min} to ${range.max}`);
    return fallback ?? range.min;
  }

  #take(field: string): unknown {
    this.#read.add(field);
    return this.#value(field);
  }

  #value(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined;
  }

  #pathOf(field: string): string {
    return this.#path === '' ? field : `${this.#path}.${field}`;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasAtMost(decimals: 0 | 2, value: number): boolean {
  return decimals === 0 ? Number.isSafeInteger(value) : Math.round(value * 100) / 100 === value;
}
