import { candidates, isIpv4, readResolvConf } from '../../../linux/net/dns/config';
import {
  recordTypes,
  reverseName,
  type Message,
  type RecordType,
  type ResourceRecord,
} from '../../../linux/net/dns/message';
import { ask, resolve } from '../../../linux/net/dns/resolve';
import type { Endpoint } from '../../../linux/net/types';
import type { Process, Program } from '../../../linux/process/types';

interface Query {
  name: string;
  type: RecordType;
  server: string | undefined;
  port: number;
  short: boolean;
  search: boolean;
  timeout: number | undefined;
  tries: number;
  /** Sections that `+noall`, `+answer` … switch. */
  readonly shown: Record<'comments' | 'question' | 'answer' | 'authority' | 'additional' | 'stats' | 'cmd', boolean>;
}

function parse(args: readonly string[]): Query {
  const query: Query = {
    ...{ name: '', type: 'A', server: undefined, port: 53, short: false, search: false, timeout: undefined, tries: 3 },
    shown: { comments: true, question: true, answer: true, authority: true, additional: true, stats: true, cmd: true },
  };
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument.startsWith('@')) query.server = argument.slice(1);
    else if (argument === '-x') {
      query.name = reverseName(args[++index] ?? '');
      query.type = 'PTR';
    } else if (argument === '-p') query.port = Number(args[++index]);
    else if (argument === '-t') query.type = typeOf(args[++index]) ?? 'A';
    else if (argument === '-4' || argument === '-6' || argument === '-r') continue;
    else if (argument.startsWith('+')) modify(query, argument.slice(1));
    else if (typeOf(argument)) query.type = typeOf(argument) ?? 'A';
    else if (argument.toUpperCase() !== 'IN') query.name = argument;
  }
  return query;
}

const typeOf = (text = ''): RecordType | undefined =>
  text.toUpperCase() in recordTypes ? (text.toUpperCase() as RecordType) : undefined;

function modify(query: Query, option: string): void {
  const [name = '', value] = option.split('=');
  const off = name.startsWith('no');
  const what = off ? name.slice(2) : name;
  if (what === 'short') query.short = !off;
  else if (what === 'search') query.search = !off;
  else if (what === 'time' || what === 'timeout') query.timeout = Number(value) * 1000;
  else if (what === 'tries') query.tries = Number(value);
  else if (what === 'retry') query.tries = Number(value) + 1;
  else if (what === 'all') {
    for (const section of Object.keys(query.shown) as (keyof Query['shown'])[]) query.shown[section] = !off;
  } else if (what in query.shown) query.shown[what as keyof Query['shown']] = !off;
}

const dotted = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

function recordLine({ name, ttl, type, data }: ResourceRecord): string {
  const owner = dotted(name);
  const gap = owner.length < 8 ? '\t\t\t' : owner.length < 16 ? '\t\t' : owner.length < 24 ? '\t' : ' ';
  return `${owner}${gap}${ttl}\tIN\t${type}\t${type === 'TXT' ? `"${data}"` : data}\n`;
}

/** dig(1) of BIND 9.18. */
export const dig: Program = async (process) => {
  const { stdout } = process;
  const query = parse(process.args);
  if (query.name === '') {
    query.name = '.';
    query.type = 'NS';
  }
  const config = readResolvConf(process.fs);
  let nameservers = config.nameservers;
  if (query.server !== undefined) {
    const found = await resolve(process, query.server);
    if (!found.ok) {
      await stdout.write(`dig: couldn't get address for '${query.server}': not found\n`);
      return 10;
    }
    nameservers = found.value;
  }
  const names = query.search ? candidates(query.name, config) : [query.name.replace(/\.$/, '')];
  const banner =
    query.shown.cmd && !query.short
      ? `\n; <<>> DiG 9.18.39 <<>> ${process.args.join(' ')}\n;; global options: +cmd\n`
      : '';
  let output = banner;
  for (const [index, name] of names.entries()) {
    const timeout = query.timeout ?? 5000;
    const answer = await ask(
      process,
      { name, type: query.type },
      { nameservers, timeout, attempts: query.tries },
      query.port,
    );
    if (!answer.ok) {
      const { server, kind } = answer.error;
      const at = server ? `${server.address}#${server.port}` : '';
      const why =
        kind === 'timeout' && answer.error.error?.code === 'ECONNREFUSED' ? 'connection refused' : 'timed out';
      await stdout.write(
        `${banner}${`;; communications error to ${at}: ${why}\n`.repeat(query.tries)};; no servers could be reached\n`,
      );
      return 9;
    }
    const { message, server, elapsed } = answer.value;
    if (message.code === 'NXDOMAIN' && index < names.length - 1) continue;
    output += query.short ? shortText(message) : fullText(process, query, message, server, elapsed);
    break;
  }
  await stdout.write(output);
  return 0;
};

const shortText = ({ answers }: Message): string =>
  answers.map(({ type, data }) => `${type === 'TXT' ? `"${data}"` : data}\n`).join('');

function fullText({ clock }: Process, { shown }: Query, message: Message, server: Endpoint, elapsed: number): string {
  let text = '';
  const section = (title: string, records: readonly ResourceRecord[], wanted: boolean): void => {
    if (!wanted || records.length === 0) return;
    text += `${shown.comments ? `;; ${title} SECTION:\n` : ''}${records.map(recordLine).join('')}${shown.comments ? '\n' : ''}`;
  };
  if (shown.comments) {
    const flags = [
      'qr',
      message.authoritative && 'aa',
      message.recursionDesired && 'rd',
      message.recursionAvailable && 'ra',
    ];
    text += ';; Got answer:\n';
    text += `;; ->>HEADER<<- opcode: QUERY, status: ${message.code}, id: ${message.id}\n`;
    text += `;; flags: ${flags.filter(Boolean).join(' ')}; QUERY: 1, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authority.length}, ADDITIONAL: ${message.additional.length}\n`;
    if (!message.recursionAvailable) text += ';; WARNING: recursion requested but not available\n';
    text += '\n';
  }
  if (shown.question && message.question) {
    const owner = dotted(message.question.name);
    const gap = owner.length < 7 ? '\t\t\t\t' : owner.length < 15 ? '\t\t\t' : owner.length < 23 ? '\t\t' : '\t';
    text += `;; QUESTION SECTION:\n;${owner}${gap}IN\t${message.question.type}\n\n`;
  }
  section('ANSWER', message.answers, shown.answer);
  section('AUTHORITY', message.authority, shown.authority);
  section('ADDITIONAL', message.additional, shown.additional);
  if (shown.stats) {
    const when = new Date(clock.now)
      .toUTCString()
      .replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, '$1 $3 $2 $5 UTC $4');
    text += `;; Query time: ${Math.round(elapsed)} msec\n;; SERVER: ${server.address}#${server.port}(${server.address}) (UDP)\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${sizeOf(message)}\n\n`;
  }
  return text;
}

/** How long the message was on the wire, uncompressed names counted once. */
const sizeOf = ({ question, answers, authority }: Message): number =>
  12 +
  (question ? question.name.length + 6 : 0) +
  [...answers, ...authority].reduce((sum, { data }) => sum + 12 + (isIpv4(data) ? 4 : data.length), 0);

/** host(1). */
export const host: Program = async (process) => {
  const { stdout } = process;
  const operands: string[] = [];
  let types: readonly RecordType[] = ['A', 'AAAA', 'MX'];
  for (let index = 0; index < process.args.length; index++) {
    const argument = process.args[index] ?? '';
    if (argument === '-t') types = [typeOf(process.args[++index]) ?? 'A'];
    else if (!argument.startsWith('-')) operands.push(argument);
  }
  const [name, server] = operands;
  if (name === undefined) {
    await process.stderr.write(
      'Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]\n            [-R number] [-m flag] [-p port] hostname [server]\n',
    );
    return 1;
  }
  const config = readResolvConf(process.fs);
  const found = server === undefined ? undefined : await resolve(process, server);
  if (found && !found.ok) {
    await stdout.write(`host: couldn't get address for '${server}': not found\n`);
    return 1;
  }
  const nameservers = found?.ok ? found.value : config.nameservers;
  if (found) await stdout.write(`Using domain server:\nName: ${server}\nAddress: ${nameservers[0]}#53\nAliases: \n\n`);
  const reverse = isIpv4(name);
  if (reverse) types = ['PTR'];
  let last: Message | undefined;
  for (const candidate of reverse ? [reverseName(name)] : candidates(name, config)) {
    const lines: string[] = [];
    for (const type of types) {
      const answer = await ask(process, { name: candidate, type }, { ...config, nameservers });
      if (!answer.ok) {
        await stdout.write(';; connection timed out; no servers could be reached\n');
        return 1;
      }
      last = answer.value.message;
      if (last.code !== 'NOERROR') break;
      for (const { name: owner, type: kind, data } of last.answers) {
        if (kind === 'A') lines.push(`${owner} has address ${data}\n`);
        else if (kind === 'AAAA') lines.push(`${owner} has IPv6 address ${data}\n`);
        else if (kind === 'CNAME') lines.push(`${owner} is an alias for ${data}\n`);
        else if (kind === 'PTR') lines.push(`${owner} domain name pointer ${data}\n`);
        else if (kind === 'SRV') lines.push(`${owner} has SRV record ${data}\n`);
        else lines.push(`${owner} ${kind} record ${data}\n`);
      }
    }
    if (last?.code === 'NOERROR') {
      await stdout.write(lines.join('') || `${candidate} has no ${types[0]} record\n`);
      return 0;
    }
    if (last?.code !== 'NXDOMAIN') break;
  }
  await stdout.write(
    `Host ${reverse ? `${reverseName(name)}.` : name} not found: ${last?.code === 'NXDOMAIN' ? '3(NXDOMAIN)' : '2(SERVFAIL)'}\n`,
  );
  return 1;
};
