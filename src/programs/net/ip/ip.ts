import type { Errno } from '../../../linux/errno';
import type { Process, Program } from '../../../linux/process/types';
import { calledAs } from '../streams';
import { address } from './address';
import { link } from './link';
import { neighbour, route, rule } from './route';
import { netns } from './netns';
import type { Style } from './show';
import { pinnedNamespace } from '../../../linux/net/netns';

/** What a subcommand comes to: text for stdout, or a message and a status. */
export type Outcome =
  { readonly stdout: string } | { readonly stderr: string; readonly code: number } | { readonly code: number };

/** What all subcommands get. */
export interface Context {
  readonly process: Process;
  readonly style: Style;
  readonly json: boolean;
}

export const done: Outcome = { stdout: '' };
export const usage = (text: string): Outcome => ({ stderr: `${text}\n`, code: 255 });
/** The kernel's refusal (RTNETLINK). */
export const refused = (error: Errno, busybox: boolean): Outcome =>
  busybox
    ? { stderr: `ip: RTNETLINK answers: ${error.message}\n`, code: 2 }
    : { stderr: `RTNETLINK answers: ${error.message}\n`, code: 2 };

type Subcommand = (args: readonly string[], context: Context) => Outcome | Promise<Outcome>;

/** With their abbreviations: `ip a`, `ip r`; the first that fits is meant (ip.c, matches()). */
const objects: readonly (readonly [string, Subcommand])[] = [
  ['address', address],
  ['route', route],
  ['rule', rule],
  ['link', link],
  ['neighbour', neighbour],
  ['neighbor', neighbour],
  ['netns', netns],
];

const help = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | link | neighbour | netns | route | rule }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -h[uman-readable] |
                    -j[son] | -p[retty] | -f[amily] { inet | inet6 } |
                    -4 | -6 | -o[neline] | -br[ief] | -n[etns] name }
`;

const run =
  (busybox: boolean): Program =>
  async (process) => {
    const args = [...process.args];
    const on = { oneline: false, brief: false, inet: false, details: false, json: false };
    while (args[0]?.startsWith('-')) {
      const option = (args.shift() ?? '').replace(/^--?/, '');
      if (option === 'o' || option === 'oneline') on.oneline = true;
      else if (/^br(i|ie|ief)?$/.test(option)) on.brief = true;
      else if (option === '4') on.inet = true;
      else if (option === 'f' || option === 'family') on.inet = args.shift() === 'inet';
      else if (option === 'd' || option === 'details') on.details = true;
      else if (option === 'j' || option === 'json') on.json = true;
      else if (option === 'V' || option === 'Version') {
        await process.stdout.write('ip utility, iproute2-6.15.0, libbpf 1.5.0\n');
        return 0;
      } else if (option === 'n' || option === 'netns') {
        const name = args.shift() ?? '';
        const net = pinnedNamespace(process.host, name);
        if (!net) {
          await process.stderr.write(`Cannot open network namespace "${name}": No such file or directory\n`);
          return 255;
        }
        process.setns({ net });
      } else if (!/^(6|s|stats|statistics|p|pretty|c|color|color=\w+|h|a|all|N|ts|r)$/.test(option)) {
        await process.stderr.write(`Option "-${option}" is unknown, try "ip -help".\n`);
        return 255;
      }
    }
    const name = args.shift();
    const object = name === undefined ? undefined : objects.find(([full]) => full.startsWith(name));
    if (!object) {
      await process.stderr.write(
        name === undefined || name === 'help' ? help : `Object "${name}" is unknown, try "ip help".\n`,
      );
      return name === undefined || name === 'help' ? 255 : 1;
    }
    const outcome = await object[1](args, { process, style: { busybox, ...on }, json: on.json });
    if ('stdout' in outcome) {
      if (outcome.stdout !== '') await process.stdout.write(outcome.stdout);
      return 0;
    }
    if ('stderr' in outcome) await process.stderr.write(outcome.stderr);
    return outcome.code;
  };

/** ip(8) of iproute2. */
export const ip: Program = (process) => run(calledAs(process) === 'busybox')(process);
/** busybox ip. */
export const busyboxIp: Program = run(true);
