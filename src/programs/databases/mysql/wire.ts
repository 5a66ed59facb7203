import { concat, decode, encode } from '../../../linux/io/bytes';
import type { StreamSocket } from '../../../linux/net/types';

/** MySQL's client/server protocol: packets of a length, a sequence number and a payload. */
export class Packets {
  #rest: Uint8Array = new Uint8Array(0);
  sequence = 0;

  constructor(readonly socket: StreamSocket) {}

  async read(): Promise<Uint8Array | undefined> {
    if (!(await this.#fill(4))) return undefined;
    const length = (this.#rest[0] ?? 0) | ((this.#rest[1] ?? 0) << 8) | ((this.#rest[2] ?? 0) << 16);
    this.sequence = ((this.#rest[3] ?? 0) + 1) & 255;
    if (!(await this.#fill(4 + length))) return undefined;
    const payload = this.#rest.subarray(4, 4 + length);
    this.#rest = this.#rest.subarray(4 + length);
    return payload;
  }

  async #fill(wanted: number): Promise<boolean> {
    while (this.#rest.length < wanted) {
      const read = await this.socket.read(65536);
      if (!read.ok) {
        if (read.error.code === 'EINTR') continue;
        return false;
      }
      if (read.value === undefined) return false;
      this.#rest = concat([this.#rest, read.value]);
    }
    return true;
  }

  async write(...payloads: readonly Uint8Array[]): Promise<boolean> {
    const whole = payloads.map((payload) => {
      const { length } = payload;
      const head = new Uint8Array([length & 255, (length >> 8) & 255, (length >> 16) & 255, this.sequence]);
      this.sequence = (this.sequence + 1) & 255;
      return concat([head, payload]);
    });
    return (await this.socket.write(concat(whole))).ok;
  }
}

const little = (number: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, index) => Number((BigInt(number) >> BigInt(8 * index)) & 255n));

export const int1 = (number: number): Uint8Array => little(number, 1);
export const int2 = (number: number): Uint8Array => little(number, 2);
export const int4 = (number: number): Uint8Array => little(number, 4);
export const zeroEnded = (text: string): Uint8Array => encode(`${text}\0`);

/** A length-encoded integer. */
export const lengthCoded = (number: number): Uint8Array =>
  number < 251
    ? int1(number)
    : number < 65536
      ? concat([int1(0xfc), int2(number)])
      : number < 2 ** 24
        ? concat([int1(0xfd), little(number, 3)])
        : concat([int1(0xfe), little(number, 8)]);

export const lengthText = (text: string): Uint8Array => {
  const bytes = encode(text);
  return concat([lengthCoded(bytes.length), bytes]);
};

/** Takes a payload apart. */
export class PacketReader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  int(length: number): number {
    let number = 0;
    for (let index = 0; index < length; index++) number += (this.bytes[this.at + index] ?? 0) * 2 ** (8 * index);
    this.at += length;
    return number;
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  zeroEnded(): string {
    let end = this.bytes.indexOf(0, this.at);
    if (end < 0) end = this.bytes.length;
    const text = decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  /** Undefined: NULL. */
  coded(): number | undefined {
    const first = this.int(1);
    if (first === 0xfb) return undefined;
    return first < 0xfb ? first : this.int(first === 0xfc ? 2 : first === 0xfd ? 3 : 8);
  }

  text(): string | undefined {
    const length = this.coded();
    return length === undefined ? undefined : decode(this.take(length));
  }

  rest(): string {
    return decode(this.take(this.bytes.length - this.at));
  }
}

/** CLIENT_* flags of the handshake. */
export const flags = {
  longPassword: 1,
  foundRows: 2,
  longFlag: 4,
  connectWithDb: 8,
  protocol41: 0x200,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiStatements: 0x10000,
  multiResults: 0x20000,
  pluginAuth: 0x80000,
  connectAttributes: 0x100000,
  pluginAuthLength: 0x200000,
} as const;

export interface Field {
  readonly name: string;
  readonly type: number;
  readonly nullable: boolean;
  readonly scale: number;
}

/** What came of one statement. */
export type Outcome =
  | {
      readonly kind: 'ok';
      readonly affected: number;
      readonly insertId: number;
      readonly warnings: number;
      readonly info: string;
    }
  | {
      readonly kind: 'rows';
      readonly fields: readonly Field[];
      readonly rows: readonly Cells[];
      readonly warnings: number;
    }
  | { readonly kind: 'error'; readonly number: number; readonly state: string; readonly message: string };
export type Cells = readonly (string | undefined)[];

export const errorPacket = (number: number, state: string, message: string): Uint8Array =>
  concat([int1(0xff), int2(number), encode(`#${state}${message}`)]);

/** An outcome as packets. `status`: autocommit, in a transaction. */
export function packetsOf(outcome: Outcome, status: number): readonly Uint8Array[] {
  switch (outcome.kind) {
    case 'error':
      return [errorPacket(outcome.number, outcome.state, outcome.message)];
    case 'ok':
      return [
        concat([
          int1(0),
          lengthCoded(outcome.affected),
          lengthCoded(outcome.insertId),
          int2(status),
          int2(outcome.warnings),
          encode(outcome.info),
        ]),
      ];
    case 'rows': {
      const eof = concat([int1(0xfe), int2(outcome.warnings), int2(status)]);
      return [
        lengthCoded(outcome.fields.length),
        ...outcome.fields.map(fieldPacket),
        eof,
        ...outcome.rows.map((row) => concat(row.map((cell) => (cell === undefined ? int1(0xfb) : lengthText(cell))))),
        eof,
      ];
    }
  }
}

const fieldPacket = ({ name, type, nullable, scale }: Field): Uint8Array =>
  concat([
    lengthText('def'),
    lengthText(''),
    lengthText(''),
    lengthText(''),
    lengthText(name),
    lengthText(name),
    int1(0x0c),
    int2(type === 253 || type === 245 ? 45 : 63),
    int4(type === 253 ? 1020 : 20),
    int1(type),
    int2(nullable ? 0 : 1),
    int1(scale),
    int2(0),
  ]);
