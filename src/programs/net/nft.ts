import { tableHooks, isTableName, type Hook, type TableName } from '../../linux/net/netfilter/rule';
import type { Program } from '../../linux/process/types';
import { nftRule } from './nft-rule';

type Tables = ReturnType<Parameters<Program>[0]['net']['netfilter']['tables']>;
type Shown = Tables[number];

const priorities: Readonly<Record<Exclude<TableName, 'nat'>, string>> = {
  raw: 'raw',
  mangle: 'mangle',
  filter: 'filter',
};

/** How a built-in chain is hooked in (iptables/nft.c, xtables_ipv4). */
function hooked(table: TableName, hook: Hook, policy: string): string {
  const destination = hook === 'PREROUTING' || hook === 'OUTPUT';
  const priority = table === 'nat' ? (destination ? 'dstnat' : 'srcnat') : priorities[table];
  const type = table === 'nat' ? 'nat' : table === 'mangle' && hook === 'OUTPUT' ? 'route' : 'filter';
  return `\t\ttype ${type} hook ${hook.toLowerCase()} priority ${priority}; policy ${policy.toLowerCase()};\n`;
}

function chainText(table: Shown, { name, policy, rules }: Shown['chains'][number]): string {
  const hooks: readonly string[] = isTableName(table.name) ? tableHooks[table.name] : [];
  const head =
    policy !== undefined && hooks.includes(name) ? hooked(table.name as TableName, name as Hook, policy) : '';
  const lines = rules.map((rule) => `\t\t${nftRule(rule).text}\n`);
  return `\tchain ${name} {\n${head}${lines.join('')}\t}\n`;
}

/** Chains as they came to be; a built-in one does with its first rule. */
function chainsOf({ chains, created }: Shown): Shown['chains'] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  return created
    .flatMap((name) => byName.get(name) ?? [])
    .filter(({ policy, rules }) => policy === undefined || rules.length > 0 || policy !== 'ACCEPT');
}

/** nft(8), as far as it lists: the tables are those of iptables-nft, which alone changes them here. */
export const nft: Program = async (process) => {
  const { stdout, stderr, net } = process;
  const words = process.args.filter((word) => !/^-[ansy]+$/.test(word));
  if (words.some((word) => word === '-v' || word === '--version')) {
    await stdout.write('nftables v1.0.6 (Lester Gooch #5)\n');
    return 0;
  }
  const [verb, what, ...place] = words;
  const [family = 'ip', name, chainName] = ['ip', 'inet', 'ip6'].includes(place[0] ?? '') ? place : ['ip', ...place];
  if (!process.capable('NET_ADMIN')) {
    await stderr.write('Operation not permitted (you must be root)\n');
    return 1;
  }
  if (verb !== 'list' || !['ruleset', 'tables', 'table', 'chain'].includes(what ?? '')) {
    await stderr.write('Error: Could not process rule: Operation not supported\n');
    return 1;
  }
  const tables = net.netfilter.tables().filter((table) => chainsOf(table).length > 0);
  const chosen = name === undefined ? tables : tables.filter((table) => family === 'ip' && table.name === name);
  const found = chosen.map((table) => ({
    table,
    chains: chainsOf(table).filter((chain) => what !== 'chain' || chain.name === chainName),
  }));
  if (name !== undefined && (found.length === 0 || found.some(({ chains }) => chains.length === 0))) {
    await stderr.write(
      `Error: No such file or directory\nlist ${words.slice(1).join(' ')}\n${' '.repeat(words.join(' ').length - (chainName ?? name).length)}${'^'.repeat((chainName ?? name).length)}\n`,
    );
    return 1;
  }
  for (const { table, chains } of found) {
    if (what === 'tables') {
      await stdout.write(`table ip ${table.name}\n`);
      continue;
    }
    // It cannot make rules with extensions of xtables anew, and says so.
    if (chains.some(({ rules }) => rules.some((rule) => nftRule(rule).xtables)))
      await stderr.write(`# Warning: table ip ${table.name} is managed by iptables-nft, do not touch!\n`);
    const texts = chains.map((chain) => chainText(table, chain));
    await stdout.write(`table ip ${table.name} {\n${texts.join('\n')}}\n`);
  }
  return 0;
};
