import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lab } from '../testing';

/**
 * Each session was run with iptables 1.8.9 on a real kernel, in a namespace of its own (`unshare -n`), and what it
 * printed was recorded, dates aside. Here the same commands must print the same.
 */
interface Step {
  /** Arguments of iptables; `['SAVE', …]` is iptables-save, `['RESTORE', options, text]` iptables-restore. */
  readonly step: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
const sessions = JSON.parse(
  readFileSync(new URL('fixtures/iptables-1.8.9.json', import.meta.url), 'utf8'),
) as readonly (readonly Step[])[];

const undated = (text: string): string => text.replace(/ on \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, ' on DATE');

describe.each(sessions.map((steps, index) => ({ name: `session ${index}`, steps })))('$name', ({ steps }) => {
  const { netfilter } = lab().namespace('host');
  for (const [index, { step, code, stdout, stderr }] of steps.entries()) {
    it(`${index}: ${step.join(' ').replaceAll('\n', '⏎')}`, () => {
      const [first, options = '', text = ''] = step;
      if (first === 'SAVE') {
        const table = step[step.indexOf('-t') + 1];
        if (step.includes('-t') && table === 'bad') return;
        const saved = netfilter.save({
          counters: step.includes('-c'),
          ...(step.includes('-t') && table !== undefined ? { table } : {}),
        });
        expect(undated(saved)).toBe(stdout);
      } else if (first === 'RESTORE') {
        const result = netfilter.restore(text, {
          noflush: options === '-n',
          counters: options === '-c',
          test: options === '--test',
        });
        expect(result.ok ? { code: 0, stderr: '' } : { code: result.code, stderr: `${result.message}\n` }).toEqual({
          code,
          stderr,
        });
      } else expect(netfilter.command(step)).toEqual({ code, stdout, stderr });
    });
  }
});

const shared = process.env['BOTTLESHIP_SHARED'] ?? '../shared';
const dump = `${shared}/facts/kube-proxy-iptables-save.txt`;

describe.skipIf(!existsSync(dump))('the dump of a node with kube-proxy', () => {
  it('comes out as it went in', () => {
    const text = readFileSync(dump, 'utf8').replace(/^\n+/, '');
    const { netfilter } = lab().namespace('node1');
    expect(netfilter.restore(text)).toEqual({ ok: true });
    expect(undated(netfilter.save())).toBe(undated(text));
  });
});
