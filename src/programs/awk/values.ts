/** A text that came from outside and looks like a number: it compares as one (POSIX "numeric string"). */
export class StrNum {
  constructor(
    readonly text: string,
    readonly number: number,
  ) {}
}

/** Undefined: uninitialised, which is both "" and 0. */
export type Value = number | string | StrNum | undefined;

export type AwkArray = Map<string, Value>;

/** A variable; what it is shows with its first use. */
export class Cell {
  value: Value = undefined;
  array: AwkArray | undefined;
  /** An untyped variable that was handed to a function: if that makes an array of it, the caller has it too. */
  origin: Cell | undefined;

  elements(): AwkArray {
    if (this.array !== undefined) return this.array;
    const array: AwkArray = this.origin?.elements() ?? new Map<string, Value>();
    this.array = array;
    return array;
  }
}

/** An error while the program runs. */
export class AwkError extends Error {
  constructor(
    message: string,
    /** Whether the message says where the input was. */
    readonly atRun = false,
  ) {
    super(message);
  }
}

const numeric = /^[ \t\n\r\f\v]*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)[ \t\n\r\f\v]*$/i;
const prefix = /^[ \t\n\r\f\v]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+](?:inf|nan)(?![a-z]))/i;

/** What a text from input is: a numeric string or just a string. */
export function fromInput(text: string): Value {
  const code = text.charCodeAt(0);
  // Most texts begin with a letter and are no numbers.
  if (code > 57 && (code | 32) !== 105 && (code | 32) !== 110) return text;
  if (!numeric.test(text)) return text;
  const trimmed = text.trim();
  if (/[a-df-z]/i.test(trimmed)) return /^[-+]/.test(trimmed) ? new StrNum(text, special(trimmed)) : text;
  return new StrNum(text, Number(trimmed));
}

const special = (text: string): number => {
  if (/nan/i.test(text)) return NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
};

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value !== 'string') return value.number;
  const match = prefix.exec(value);
  if (match === null) return 0;
  const [, text = ''] = match;
  return /[in]/i.test(text) ? special(text) : Number(text);
}

/** `format` is CONVFMT or OFMT; whole numbers are written as such. */
export function numberText(value: number, format: string, sprintf: (format: string, value: number) => string): string {
  if (Number.isInteger(value))
    return Math.abs(value) < 1e16 ? String(value === 0 ? 0 : value) : BigInt(value).toString();
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return sprintf(format, value);
}

export function toBoolean(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  return value.number !== 0;
}
