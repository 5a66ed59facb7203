import { general } from './printf';
import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** seq(1). Negative numbers are operands here, not options. */
export const seq = tool(
  {
    name: 'seq',
    usage: '[OPTION]... FIRST [INCREMENT] LAST',
    about: 'Print numbers from FIRST to LAST, in steps of INCREMENT.',
    raw: true,
  },
  async (tool) => {
    let separator = '\n';
    let equalWidth = false;
    let format: string | undefined;
    const numbers: string[] = [];
    const args = [...tool.operands];
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      const long = /^--(separator|format)(?:=(.*))?$/s.exec(arg);
      if (arg === '-w' || arg === '--equal-width') equalWidth = true;
      else if (arg.startsWith('-s') || long?.[1] === 'separator') {
        separator = long?.[2] ?? (arg.length > 2 && long === null ? arg.slice(2) : (args.shift() ?? ''));
      } else if (arg.startsWith('-f') || long?.[1] === 'format') {
        format = long?.[2] ?? (arg.length > 2 && long === null ? arg.slice(2) : (args.shift() ?? ''));
      } else if (/^-[^\d.]/.test(arg)) return tool.usageError(`invalid option -- '${arg.charAt(1)}'`);
      else numbers.push(arg);
    }
    if (numbers.length === 0) return tool.missingOperand();
    if (numbers.length > 3) return tool.extraOperand(numbers[3] ?? '');
    for (const number of numbers) {
      if (!/^[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|inf|infinity)$/i.test(number)) {
        return tool.usageError(`invalid floating point argument: ${quote(number)}`);
      }
    }
    const [first, step, last] =
      numbers.length === 1 ? ['1', '1', numbers[0]] : numbers.length === 2 ? [numbers[0], '1', numbers[1]] : numbers;
    const directive =
      format === undefined ? undefined : /%[-+ #0']*\d*(?:\.\d*)?(.)/.exec(format.replaceAll('%%', ''))?.[1];
    if (directive !== undefined && !/[gfeaGFEA]/.test(directive)) {
      return tool.fail(`format ${quote(format ?? '')} has unknown %${directive} directive`);
    }
    if (Number(step) === 0) return tool.usageError(`invalid Zero increment value: ${quote(step ?? '')}`);
    const decimals = Math.max(...[first, step].map((text) => /\.(\d*)$/.exec(text ?? '')?.[1]?.length ?? 0));
    const from = Number(first);
    const by = Number(step);
    const to = /^[-+]?inf/i.test(last ?? '') ? (last?.startsWith('-') === true ? -Infinity : Infinity) : Number(last);
    const count = Math.floor((to - from) / by + 1e-9);
    const text = (index: number): string => (from + index * by).toFixed(decimals);
    const width = equalWidth
      ? Math.max(text(0).length, text(Number.isFinite(count) ? Math.max(count, 0) : 0).length)
      : 0;
    const shown = (index: number): string => {
      if (format !== undefined) {
        return format.replace(
          /%(0?)(\d*)(?:\.(\d+))?([gfe])/,
          (_, zero: string, size: string, precision: string | undefined, kind: string) => {
            const value = from + index * by;
            const plain =
              kind === 'f'
                ? value.toFixed(Number(precision ?? 6))
                : kind === 'e'
                  ? value.toExponential(Number(precision ?? 6))
                  : general(value, Number(precision ?? 6));
            return plain.padStart(Number(size), zero === '' ? ' ' : '0');
          },
        );
      }
      const plain = text(index);
      return plain.startsWith('-') ? `-${plain.slice(1).padStart(width - 1, '0')}` : plain.padStart(width, '0');
    };
    for (let index = 0; index <= count; index++) {
      const pending = tool.out.write((index === 0 ? '' : separator) + shown(index));
      if (pending !== undefined) {
        await pending;
        await tool.process.compute(20);
      }
    }
    if (count >= 0) await tool.out.write('\n');
    return 0;
  },
);
