import { parseSignal, signalNames, signalNumber } from '../jobs/signals';
import { errorText, out, warn } from '../run/io';
import { setTrap } from '../run/traps';
import type { Shell } from '../shell';
import { readOptions } from './options';
import type { Builtin } from './types';

const SYNOPSIS = 'trap [-lp] [[arg] signal_spec ...]';
const others = ['EXIT', 'DEBUG', 'RETURN', 'ERR'];

/** `EXIT`, `ERR`, `SIGINT`, …; undefined if there is no such condition. */
function condition(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (text === '0' || upper === 'EXIT' || upper === 'SIGEXIT') return 'EXIT';
  return others.includes(upper) ? upper : parseSignal(text);
}

export const trap: Builtin = async (shell, args) => {
  const options = await readOptions(shell, args, 'lp', SYNOPSIS);
  if (options === undefined) return 2;
  const { flags, rest } = options;
  if (flags.has('l')) return out(shell, signalTable());
  if (flags.has('p') || rest.length === 0) return list(shell, rest);
  const [first = '', ...specs] = rest;
  // `trap INT`, `trap 2`: a lone condition, or a number first, is reset.
  const resets = first === '-' || specs.length === 0 || /^\d+$/.test(first);
  const names = first === '-' ? specs : resets ? rest : specs;
  if (specs.length === 0 && condition(first) === undefined) return unknown(shell, first);
  let status = 0;
  for (const spec of names) {
    const name = condition(spec);
    if (name === undefined) {
      if (shell.dialect === 'bash') await warn(shell, `${spec}: invalid signal specification`);
      else await errorText(shell, `trap: ${spec}: bad trap\n`);
      status = 1;
    } else setTrap(shell, name, resets ? undefined : first);
  }
  return status;
};

async function unknown(shell: Shell, first: string): Promise<number> {
  if (first === '-') return 0;
  if (shell.dialect === 'bash') {
    await errorText(shell, `trap: usage: ${SYNOPSIS}\n`);
    return 2;
  }
  await warn(shell, `${first}: bad trap`);
  return 1;
}

async function list(shell: Shell, specs: readonly string[]): Promise<number> {
  const traps = shell.inheritedTraps ?? shell.traps;
  const order = ['EXIT', ...signalNames, 'DEBUG', 'ERR', 'RETURN'];
  const wanted = specs.length === 0 ? order : specs.map((spec) => condition(spec) ?? spec);
  for (const name of wanted) {
    const action = traps.get(name);
    if (action === undefined) continue;
    const shown = shell.dialect === 'bash' ? name : name.replace(/^SIG/, '');
    await out(shell, `trap -- ${`'${action.replaceAll("'", "'\\''")}'`} ${shown}\n`);
  }
  return 0;
}

/** `kill -l` and `trap -l`: five in a row. */
export function signalTable(): string {
  const cells = signalNames.map((name) => `${String(signalNumber(name)).padStart(2)}) ${name}`);
  for (let number = 34; number <= 64; number++) {
    const name =
      number === 34
        ? 'SIGRTMIN'
        : number === 64
          ? 'SIGRTMAX'
          : number < 50
            ? `SIGRTMIN+${number - 34}`
            : `SIGRTMAX-${64 - number}`;
    cells.push(`${number}) ${name}`);
  }
  let text = '';
  cells.forEach((cell, index) => {
    text += cell + (index % 5 === 4 || index === cells.length - 1 ? '\n' : '\t');
  });
  return text;
}
