import { candidates, isIpv4, readResolvConf, type ResolverConfig } from '../../../linux/net/dns/config';
import {
  recordTypes,
  reverseName,
  type Message,
  type RecordType,
  type ResourceRecord,
} from '../../../linux/net/dns/message';
import { ask, askTogether, resolve } from '../../../linux/net/dns/resolve';
import type { Process, Program } from '../../../linux/process/types';

interface Arguments {
  readonly name: string;
  readonly server: string | undefined;
  readonly types: readonly RecordType[];
  readonly port: number;
}

function parse(args: readonly string[]): Arguments | undefined {
  const operands: string[] = [];
  let types: readonly RecordType[] | undefined;
  let port = 53;
  for (const argument of args) {
    const option = /^-(?:(type|query|querytype|q|port)=)(.*)$/.exec(argument);
    if (option?.[1] === 'port') port = Number(option[2]);
    else if (option) {
      const type = (option[2] ?? '').toUpperCase();
      if (type in recordTypes) types = [type as RecordType];
    } else if (!argument.startsWith('-')) operands.push(argument);
  }
  const [name, server] = operands;
  if (name === undefined) return undefined;
  return { name, server, types: types ?? (isIpv4(name) ? ['PTR'] : ['A', 'AAAA']), port };
}

/** The configured servers, or the one named on the command line. */
async function serversOf(process: Process, server: string | undefined): Promise<ResolverConfig | undefined> {
  const config = readResolvConf(process.fs);
  if (server === undefined) return config;
  const address = await resolve(process, server);
  return address.ok ? { ...config, nameservers: address.value } : undefined;
}

const recordLine = ({ type, name, data }: ResourceRecord): string => {
  switch (type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${name}\nAddress: ${data}\n`;
    case 'CNAME':
      return `${name}\tcanonical name = ${data.replace(/\.$/, '')}\n`;
    case 'PTR':
      return `${name}\tname = ${data}\n`;
    case 'SRV':
      return `${name}\tservice = ${data}\n`;
    case 'MX':
      return `${name}\tmail exchanger = ${data}\n`;
    case 'NS':
      return `${name}\tnameserver = ${data}\n`;
    case 'TXT':
      return `${name}\ttext = "${data}"\n`;
    case 'SOA':
    case 'ANY':
      return `${name}\t${data}\n`;
  }
};

/** nslookup(1) of BIND. */
export const nslookup: Program = async (process) => {
  const { stdout } = process;
  const parsed = parse(process.args);
  if (!parsed) return 0;
  const config = await serversOf(process, parsed.server);
  if (!config) {
    await stdout.write(`nslookup: couldn't get address for '${parsed.server}': not found\n`);
    return 1;
  }
  const name = isIpv4(parsed.name) && parsed.types[0] === 'PTR' ? reverseName(parsed.name) : parsed.name;
  let header = false;
  let found = false;
  let failure: Message | undefined;
  let asked = name;
  for (const candidate of isIpv4(parsed.name)
    ? [name]
    : candidates(name, { ...config, ndots: Math.max(1, config.ndots) })) {
    asked = candidate;
    for (const type of parsed.types) {
      const answer = await ask(process, { name: candidate, type }, config, parsed.port);
      if (!answer.ok) {
        const { server } = answer.error;
        await stdout.write(
          answer.error.kind === 'timeout' && server
            ? `;; communications error to ${server.address}#${server.port}: ${answer.error.error?.code === 'ECONNREFUSED' ? 'connection refused' : 'timed out'}\n;; no servers could be reached\n\n`
            : ';; no servers could be reached\n\n',
        );
        return 1;
      }
      const { message, server } = answer.value;
      if (message.code !== 'NOERROR') {
        failure = message;
        break;
      }
      if (!header) {
        await stdout.write(
          `Server:\t\t${parsed.server ?? server.address}\nAddress:\t${server.address}#${server.port}\n\n`,
        );
        if (!message.authoritative && message.answers.length > 0) await stdout.write('Non-authoritative answer:\n');
        header = true;
      }
      for (const record of message.answers) await stdout.write(recordLine(record));
      if (message.answers.length > 0) found = true;
    }
    if (header) break;
    if (failure && failure.code !== 'NXDOMAIN') break;
  }
  if (!header) {
    const address = config.nameservers[0] ?? '';
    await stdout.write(`Server:\t\t${parsed.server ?? address}\nAddress:\t${address}#${parsed.port}\n\n`);
    await stdout.write(`** server can't find ${asked}: ${failure?.code ?? 'NXDOMAIN'}\n\n`);
    return 1;
  }
  if (!found) await stdout.write(`*** Can't find ${parsed.name}: No answer\n`);
  await stdout.write('\n');
  return 0;
};

/** busybox nslookup (networking/nslookup.c, FEATURE_NSLOOKUP_BIG): asks for A and AAAA at once and tells of both. */
export const busyboxNslookup: Program = async (process) => {
  const { stdout, stderr } = process;
  const parsed = parse(process.args);
  if (!parsed) {
    await stderr.write(
      'BusyBox v1.37.0 multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n',
    );
    return 1;
  }
  const config = await serversOf(process, parsed.server);
  if (!config) {
    await stderr.write(`nslookup: bad address '${parsed.server}'\n`);
    return 1;
  }
  const reverse = isIpv4(parsed.name) && parsed.types[0] === 'PTR';
  // It walks the search list only for names without a dot.
  const names = reverse
    ? [reverseName(parsed.name)]
    : parsed.name.includes('.')
      ? [parsed.name.replace(/\.$/, '')]
      : config.search.length > 0
        ? config.search.map((domain) => `${parsed.name}.${domain}`)
        : [parsed.name];
  const address = config.nameservers[0] ?? '127.0.0.1';
  let output = '';
  let status = 0;
  const questions = names.flatMap((name) => parsed.types.map((type) => ({ name, type })));
  const answers = await askTogether(process, questions, { ...config, nameservers: [address] }, parsed.port);
  if (answers.every((message) => message === undefined)) {
    await stdout.write(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }
  for (const [index, { name }] of questions.entries()) {
    const message = answers[index];
    if (message === undefined) {
      output += `*** Can't find ${name}: No answer\n\n`;
    } else if (message.code !== 'NOERROR') {
      output += `** server can't find ${name}: ${message.code}\n\n`;
      status = 1;
    } else {
      if (!message.authoritative) output += 'Non-authoritative answer:\n';
      output += `${message.answers.map(recordLine).join('')}\n`;
    }
  }
  await stdout.write(`Server:\t\t${address}\nAddress:\t${address}:${parsed.port}\n\n${output}`);
  return status;
};
