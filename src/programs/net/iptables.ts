import type { Program } from '../../linux/process/types';
import { decode } from '../../linux/io/bytes';
import { isTableName } from '../../linux/net/netfilter/rule';
import { parseOptions } from './options';
import { calledAs, readAll } from './streams';

/** iptables(8): one change or one listing of the namespace's tables. */
export const iptables: Program = async (process) => {
  const { stdout, stderr, net } = process;
  if (
    !process.capable('NET_ADMIN') &&
    !process.args.some((argument) => argument === '--version' || argument === '-V')
  ) {
    await stderr.write(
      `${calledAs(process)} v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n`,
    );
    return 4;
  }
  const result = net.netfilter.command(process.args);
  if (result.stdout !== '') await stdout.write(result.stdout);
  if (result.stderr !== '') await stderr.write(result.stderr);
  return result.code;
};

/** iptables-save(8). */
export const iptablesSave: Program = async (process) => {
  const parsed = parseOptions(process.args, { flags: 'c/counters', values: 't/table M/modprobe f/file' });
  const table = parsed.value('t');
  if (table !== undefined && !isTableName(table)) {
    await process.stderr.write(`Table \`${table}' does not exist\n`);
    return 1;
  }
  const text = process.net.netfilter.save({ counters: parsed.has('c'), ...(table === undefined ? {} : { table }) });
  const file = parsed.value('f');
  if (file === undefined) await process.stdout.write(text);
  else process.fs.writeFile(file, text);
  return 0;
};

/** iptables-restore(8): all tables of its input, or nothing. */
export const iptablesRestore: Program = async (process) => {
  const parsed = parseOptions(process.args, {
    flags: 'c/counters n/noflush t/test v/verbose h/help',
    values: 'w/wait W/wait-interval T/table M/modprobe',
  });
  const [path] = parsed.operands;
  const input = path === undefined ? undefined : process.fs.readText(path);
  if (input && !input.ok) {
    await process.stderr.write(`Can't open ${path}: ${input.error.message}\n`);
    return 1;
  }
  const text = input ? input.value : decode(await readAll(process.stdin));
  if (parsed.has('t')) return 0;
  const done = process.net.netfilter.restore(text, { noflush: parsed.has('n'), counters: parsed.has('c') });
  if (done.ok) return 0;
  await process.stderr.write(`${done.message}\n`);
  return 1;
};

/** The namespaces have no IPv6: tables that are empty and stay so. */
export const ip6tablesSave: Program = async () => 0;
export const ip6tablesRestore: Program = async (process) => {
  await readAll(process.stdin);
  return 0;
};
