import { tool } from '../toolkit/tool';
import { decode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';

interface Item {
  before: number;
  readonly after: string[];
}

/** tsort(1). */
export const tsort = tool(
  {
    name: 'tsort',
    usage: '[OPTION] [FILE]',
    about: 'Write totally ordered list consistent with the partial ordering in FILE.',
  },
  async (tool) => {
    const [path = '-', extra] = tool.operands;
    if (extra !== undefined) return tool.extraOperand(extra);
    const bytes = await readAll(tool, path);
    if (bytes === undefined) return 1;
    const words = decode(bytes).split(/\s+/).filter(Boolean);
    if (words.length % 2 === 1) return tool.fail(`${path}: input contains an odd number of tokens`);
    const items = new Map<string, Item>();
    const item = (name: string): Item => {
      const known = items.get(name) ?? { before: 0, after: [] };
      items.set(name, known);
      return known;
    };
    for (let at = 0; at < words.length; at += 2) {
      const [first = '', second = ''] = words.slice(at, at + 2);
      const source = item(first);
      const target = item(second);
      if (first === second) continue;
      source.after.push(second);
      target.before++;
    }
    // Those that nothing stands before, in the order of their names, then whom they set free.
    const ready = [...items.keys()].sort().filter((name) => item(name).before === 0);
    while (items.size > 0) {
      const name = ready.shift();
      if (name === undefined) {
        await breakLoop();
        continue;
      }
      await tool.out.line(name);
      const { after } = item(name);
      items.delete(name);
      for (const next of after.toReversed()) {
        const target = items.get(next);
        if (target !== undefined && --target.before === 0) ready.push(next);
      }
    }
    return tool.status;

    async function breakLoop(): Promise<void> {
      const [start = ''] = [...items.keys()].sort();
      const seen: string[] = [start];
      for (;;) {
        const last = seen.at(-1) ?? '';
        const before = [...items].find(([, { after }]) => after.includes(last))?.[0] ?? start;
        const index = seen.indexOf(before);
        if (index >= 0) {
          const loop = seen.slice(index);
          await tool.error(`${path}: input contains a loop:`);
          for (const name of loop) await tool.error(name);
          const [head = last, next = head] = loop;
          const source = items.get(next);
          source?.after.splice(source.after.indexOf(head), 1);
          const target = items.get(head);
          if (target !== undefined && --target.before === 0) ready.push(head);
          return;
        }
        seen.push(before);
      }
    }
  },
);
