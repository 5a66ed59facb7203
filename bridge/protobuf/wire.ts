/** A field as it stands in a message: varints and 64 bit numbers as bigint, the rest as bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Splits a message of protocol buffers into its fields, in their order. */
export function* fieldsOf(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('proto: integer overflow');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const number = key >>> 3;
    switch (key & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(Number(varint())) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw new Error(`proto: illegal wireType ${key & 7}`);
    }
  }
}

/** int32 and int64: two's complement in 64 bits. */
export const signed = (value: bigint): number => Number(BigInt.asIntN(64, value));

function varint(value: bigint): readonly number[] {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  bytes.push(Number(left));
  return bytes;
}

const key = (number: number, wireType: number): readonly number[] => varint(BigInt((number << 3) | wireType));

/** The other way: fields, one after the other. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((length, field) => length + field.length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

export const varintField = (number: number, value: bigint): Uint8Array =>
  Uint8Array.from([...key(number, 0), ...varint(value)]);

/** A message within a message, or bytes. */
export const bytesField = (number: number, value: Uint8Array): Uint8Array =>
  message(Uint8Array.from([...key(number, 2), ...varint(BigInt(value.length))]), value);

export const textField = (number: number, value: string): Uint8Array =>
  bytesField(number, new TextEncoder().encode(value));

export function doubleField(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return message(Uint8Array.from(key(number, 1)), bytes);
}
