import { decode, encode } from '../../io/bytes';
import type { Ipv4 } from '../types';

/** Types of RFC 1035 §3.2.2 and later that occur here. */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
} as const;
export type RecordType = keyof typeof recordTypes;
const typeNames = new Map<number, RecordType>(
  (Object.entries(recordTypes) as [RecordType, number][]).map(([name, number]) => [number, name]),
);

/** RFC 1035 §4.1.1. */
export const responseCodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
export type ResponseCode = keyof typeof responseCodes;
const codeNames = new Map<number, ResponseCode>(
  (Object.entries(responseCodes) as [ResponseCode, number][]).map(([name, number]) => [number, name]),
);

export interface Question {
  /** Without the final dot. */
  readonly name: string;
  readonly type: RecordType;
}

/** A resource record; `data` is in the presentation form of its type (`10 100 53 host.` for SRV). */
export interface ResourceRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly data: string;
}

export interface Message {
  readonly id: number;
  readonly response: boolean;
  readonly code: ResponseCode;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly question: Question | undefined;
  readonly answers: readonly ResourceRecord[];
  readonly authority: readonly ResourceRecord[];
  readonly additional: readonly ResourceRecord[];
}

export const noRecords: readonly ResourceRecord[] = [];

/** A question as a resolver sends it. */
export const query = (id: number, question: Question): Message => ({
  id,
  response: false,
  code: 'NOERROR',
  authoritative: false,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  question,
  answers: noRecords,
  authority: noRecords,
  additional: noRecords,
});

class Writer {
  readonly bytes: number[] = [];
  readonly #names = new Map<string, number>();

  uint16(value: number): void {
    this.bytes.push((value >> 8) & 0xff, value & 0xff);
  }
  uint32(value: number): void {
    this.uint16(value >>> 16);
    this.uint16(value & 0xffff);
  }
  /** A name, compressed (RFC 1035 §4.1.4). */
  name(name: string): void {
    let rest = name.replace(/\.$/, '');
    while (rest !== '') {
      const known = this.#names.get(rest);
      if (known !== undefined) {
        this.uint16(0xc000 | known);
        return;
      }
      if (this.bytes.length < 0x4000) this.#names.set(rest, this.bytes.length);
      const dot = rest.indexOf('.');
      const label = encode(dot < 0 ? rest : rest.slice(0, dot)).subarray(0, 63);
      this.bytes.push(label.length, ...label);
      rest = dot < 0 ? '' : rest.slice(dot + 1);
    }
    this.bytes.push(0);
  }
  record({ name, type, ttl, data }: ResourceRecord): void {
    this.name(name);
    this.uint16(recordTypes[type]);
    this.uint16(1);
    this.uint32(ttl);
    const lengthAt = this.bytes.length;
    this.uint16(0);
    this.data(type, data);
    const length = this.bytes.length - lengthAt - 2;
    this.bytes[lengthAt] = length >> 8;
    this.bytes[lengthAt + 1] = length & 0xff;
  }
  data(type: RecordType, data: string): void {
    const fields = data.split(' ');
    const field = (index: number): string => fields[index] ?? '';
    switch (type) {
      case 'A':
        this.bytes.push(...data.split('.').map(Number));
        return;
      case 'AAAA':
        for (const group of expandIpv6(data)) this.uint16(group);
        return;
      case 'SRV':
        for (let index = 0; index < 3; index++) this.uint16(Number(field(index)));
        this.name(field(3));
        return;
      case 'MX':
        this.uint16(Number(field(0)));
        this.name(field(1));
        return;
      case 'SOA':
        this.name(field(0));
        this.name(field(1));
        for (let index = 2; index < 7; index++) this.uint32(Number(field(index)));
        return;
      case 'TXT': {
        const text = encode(data).subarray(0, 255);
        this.bytes.push(text.length, ...text);
        return;
      }
      case 'NS':
      case 'CNAME':
      case 'PTR':
      case 'ANY':
        this.name(data);
    }
  }
}

/** The message on the wire. */
export function encodeMessage(message: Message): Uint8Array {
  const writer = new Writer();
  writer.uint16(message.id);
  const flags =
    (message.response ? 0x8000 : 0) |
    (message.authoritative ? 0x0400 : 0) |
    (message.truncated ? 0x0200 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    responseCodes[message.code];
  writer.uint16(flags);
  writer.uint16(message.question ? 1 : 0);
  writer.uint16(message.answers.length);
  writer.uint16(message.authority.length);
  writer.uint16(message.additional.length);
  if (message.question) {
    writer.name(message.question.name);
    writer.uint16(recordTypes[message.question.type]);
    writer.uint16(1);
  }
  for (const record of message.answers) writer.record(record);
  for (const record of message.authority) writer.record(record);
  for (const record of message.additional) writer.record(record);
  return Uint8Array.from(writer.bytes);
}

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  uint8(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError('message ends early');
    return value;
  }
  uint16(): number {
    return (this.uint8() << 8) | this.uint8();
  }
  uint32(): number {
    return this.uint16() * 65_536 + this.uint16();
  }
  name(): string {
    const labels: string[] = [];
    let back: number | undefined;
    for (let jumps = 0; jumps < 64;) {
      const length = this.uint8();
      if (length === 0) break;
      if ((length & 0xc0) === 0xc0) {
        const target = ((length & 0x3f) << 8) | this.uint8();
        back ??= this.at;
        this.at = target;
        jumps++;
        continue;
      }
      labels.push(decode(this.bytes.subarray(this.at, this.at + length)));
      this.at += length;
    }
    if (back !== undefined) this.at = back;
    return labels.join('.');
  }
  record(): ResourceRecord | undefined {
    const name = this.name();
    const type = typeNames.get(this.uint16());
    this.uint16();
    const ttl = this.uint32();
    const end = this.uint16() + this.at;
    const data = type === undefined ? '' : this.data(type, end);
    this.at = end;
    return type === undefined ? undefined : { name, type, ttl, data };
  }
  data(type: RecordType, end: number): string {
    switch (type) {
      case 'A':
        return [this.uint8(), this.uint8(), this.uint8(), this.uint8()].join('.');
      case 'AAAA':
        return formatIpv6(Array.from({ length: 8 }, () => this.uint16()));
      case 'SRV':
        return `${this.uint16()} ${this.uint16()} ${this.uint16()} ${this.name()}.`;
      case 'MX':
        return `${this.uint16()} ${this.name()}.`;
      case 'SOA': {
        const names = `${this.name()}. ${this.name()}.`;
        return [names, ...Array.from({ length: 5 }, () => this.uint32())].join(' ');
      }
      case 'TXT':
        return decode(this.bytes.subarray(this.at + 1, end));
      case 'NS':
      case 'CNAME':
      case 'PTR':
      case 'ANY':
        return `${this.name()}.`;
    }
  }
}

/** The message of these bytes; undefined if they are none. */
export function decodeMessage(bytes: Uint8Array): Message | undefined {
  const reader = new Reader(bytes);
  try {
    const id = reader.uint16();
    const flags = reader.uint16();
    const [questions, answers, authority, additional] = [
      reader.uint16(),
      reader.uint16(),
      reader.uint16(),
      reader.uint16(),
    ];
    let question: Question | undefined;
    for (let count = 0; count < questions; count++) {
      const name = reader.name();
      question = { name, type: typeNames.get(reader.uint16()) ?? 'ANY' };
      reader.uint16();
    }
    const section = (count: number): ResourceRecord[] =>
      Array.from({ length: count }, () => reader.record()).filter((record) => record !== undefined);
    return {
      id,
      response: (flags & 0x8000) !== 0,
      code: codeNames.get(flags & 0xf) ?? 'SERVFAIL',
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursionDesired: (flags & 0x0100) !== 0,
      recursionAvailable: (flags & 0x0080) !== 0,
      question,
      answers: section(answers),
      authority: section(authority),
      additional: section(additional),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The name under which an address is looked up backwards: `1.0.96.10.in-addr.arpa`. */
export const reverseName = (address: Ipv4): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;

function expandIpv6(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  if (tail === undefined) return groups(head);
  const [before, after] = [groups(head), groups(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function formatIpv6(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':');
  return text.replace(/(^|:)0(:0)+(:|$)/, '::');
}
