import type { Process, Program } from '../../../linux/process/types';

/** The least of the tools that shell tests pipe through; the real ones live in their own folders. */
async function lines(process: Process, each: (line: string) => Promise<boolean | void>): Promise<void> {
  for (;;) {
    const line = await process.stdin.readLine();
    if (line === undefined || (await each(line)) === false) return;
  }
}

export const tools: Readonly<Record<string, Program>> = {
  cat: async (process) => {
    if (process.args.length === 0) {
      for await (const chunk of process.stdin) await process.stdout.write(chunk);
      return 0;
    }
    for (const path of process.args) {
      const opened = process.fs.open(path, { read: true });
      if (!opened.ok) {
        await process.stderr.write(`cat: ${path}: ${opened.error.message}\n`);
        return 1;
      }
      const fd = process.fds.install(opened.value, 3);
      for await (const chunk of process.fds.reader(fd)) await process.stdout.write(chunk);
      process.fds.close(fd);
    }
    return 0;
  },
  sleep: async (process) => {
    await process.sleep(Number(process.args[0] ?? 0) * 1000);
    return 0;
  },
  seq: async (process) => {
    const [first, second] = process.args.map(Number);
    const [from, to] = second === undefined ? [1, first ?? 0] : [first ?? 1, second];
    for (let value = from; value <= to; value++) await process.stdout.write(`${value}\n`);
    return 0;
  },
  yes: async (process) => {
    for (;;) {
      await process.stdout.write('y\n');
      await process.compute(5);
    }
  },
  head: async (process) => {
    let left = Number(process.args[0]?.replace(/^-n?/, '') || process.args[1]);
    await lines(process, async (line) => {
      await process.stdout.write(`${line}\n`);
      return --left > 0;
    });
    return 0;
  },
  wc: async (process) => {
    let count = 0;
    await lines(process, async () => {
      count++;
    });
    await process.stdout.write(`${count}\n`);
    return 0;
  },
  grep: async (process) => {
    const quiet = process.args[0] === '-q';
    const regex = new RegExp(process.args.at(-1) ?? '');
    let found = false;
    await lines(process, async (line) => {
      if (!regex.test(line)) return true;
      found = true;
      if (quiet) return false;
      await process.stdout.write(`${line}\n`);
      return true;
    });
    return found ? 0 : 1;
  },
  tr: async (process) => {
    const text = await process.stdin.text();
    await process.stdout.write(
      process.args[0] === 'a-z' ? text.toUpperCase() : text.replaceAll(process.args[0] ?? '', process.args[1] ?? ''),
    );
    return 0;
  },
  env: async (process) => {
    for (const [name, value] of process.env) if (name !== '_') await process.stdout.write(`${name}=${value}\n`);
    return 0;
  },
  args: async (process) => {
    await process.stdout.write(process.args.map((argument) => `<${argument}>`).join('') + '\n');
    return 0;
  },
  hello: async (process) => {
    await process.stdout.write(`hello from ${process.argv[0] ?? ''}\n`);
    return Number(process.args[0] ?? 0);
  },
};
