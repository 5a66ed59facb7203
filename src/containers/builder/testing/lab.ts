import type { Program } from '../../../linux/process/types';
import { tarBytes, type TarMember } from '../../archive/tar';
import { readTar } from '../../archive/untar';
import { Registries } from '../../images/registry';
import { registries } from '../../images/catalogue';
import { createDockerd, type Engine } from '../../dockerd';
import { lab } from '../../testing/lab';
import { encode } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { readBody } from '../../../linux/net/http/codec';

/** A shell of one line: `a b && c > file`, with echo, cat, exit, sleep, ls, rm and env. */
export const tinyShell: Program = async (process) => {
  const script = process.argv[process.argv.indexOf('-c') + 1] ?? '';
  for (const line of script.split(/&&|\n/)) {
    const [command = '', target] = line.trim().split(/\s*>\s*/);
    const [name = '', ...args] = command
      .split(' ')
      .map((word) => word.replace(/\$(\w+)/g, (_, key: string) => process.env.get(key) ?? ''));
    let said = '';
    if (name === 'echo') said = `${args.join(' ').replace(/^["']|["']$/g, '')}\n`;
    else if (name === 'cat') {
      const read = process.fs.readText(args[0] ?? '');
      if (!read.ok) {
        await process.stderr.write(`cat: can't open '${args[0]}': No such file or directory\n`);
        return 1;
      }
      said = read.value;
    } else if (name === 'exit') return Number(args[0]);
    else if (name === 'sleep') await process.sleep(Number(args[0]) * 1000);
    else if (name === 'rm') process.fs.removeAll(args[0] ?? '');
    else if (name === 'ls') {
      const listed = process.fs.readdir(args[0] ?? '.');
      said = listed.ok
        ? `${listed.value
            .map((entry) => entry.name)
            .sort()
            .join(' ')}\n`
        : '';
    } else if (name === 'id') said = `${process.credentials.uid}\n`;
    else if (name === 'ip')
      said = `${process.net
        .links()
        .map((link) => link.name)
        .join(' ')}\n`;
    else if (name !== '' && name !== 'true') {
      await process.stderr.write(`/bin/sh: ${name}: not found\n`);
      return 127;
    }
    if (target === undefined) await process.stdout.write(said);
    else process.fs.writeFile(target, said);
  }
  return 0;
};

/** A world with an engine, and a way to build: what was streamed, as JSON. */
export async function buildLab(): Promise<{
  engine: Engine;
  build: (files: Readonly<Record<string, string>>, query?: string) => Promise<readonly unknown[]>;
  world: ReturnType<typeof lab>;
}> {
  const world = lab({ busybox: tinyShell, sh: tinyShell });
  const { host, clock, random, trace } = world;
  const { engine, handler } = createDockerd({
    host,
    registries: new Registries(registries),
    dockerd: host.init,
    clock,
    random,
    trace,
  });
  const build = async (files: Readonly<Record<string, string>>, query = ''): Promise<readonly unknown[]> => {
    const members = Object.entries(files).map(([name, text]): TarMember => {
      const common = { mode: 0o644, uid: 0, gid: 0, mtime: 1_760_000_000_000 };
      if (name.endsWith('/')) return { name, type: 'directory', ...common, mode: 0o755 };
      return text.startsWith('-> ')
        ? { name, type: 'symlink', ...common, link: text.slice(3) }
        : { name, type: 'file', ...common, body: encode(text) };
    });
    const body = tarBytes(members);
    if (!readTar(body).ok) throw new Error('tar');
    const request = {
      method: 'POST',
      url: `/v1.51/build?${query.includes('version=1') ? '' : 'version=2&'}${query}`,
      headers: new Headers(),
      body,
    };
    const answered = Promise.resolve(handler(request, { peer: 'unix', local: false, tls: false } as never)).then(
      async (response) => new TextDecoder().decode(await readBody(response.body)),
    );
    let text: string | undefined;
    void answered.then((done) => (text = done));
    for (let step = 0; step < 2000 && text === undefined; step++) await clock.advance(10);
    return (text ?? '')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  };
  return { engine, build, world };
}
