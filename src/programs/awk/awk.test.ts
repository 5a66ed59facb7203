import { describe, expect, it } from 'vitest';
import { makeBench } from '../coreutils/testing';
import { programs as shells } from '../shell';
import { programs } from '.';
import recorded from './recorded.json';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function bench() {
  const made = makeBench(settle, { ...shells, ...programs });
  const { fs } = made.host;
  fs.mkdirAll('/bin');
  for (const name of ['sh', 'bash']) fs.symlink(`/usr/bin/${name}`, `/bin/${name}`);
  fs.mkdirAll('/tmp/w');
  for (const [name, text] of Object.entries(recorded.files)) fs.writeFile(`/tmp/w/${name}`, text);
  return made;
}

// Recorded from gawk 5.2.1 (what a program prints) and mawk 1.3.4 (what is said about mistakes) on Debian 12.
describe('awk as recorded', () => {
  it.each(recorded.cases)('$command', async ({ command, ...wanted }) => {
    const ran = await bench().run(['bash', '-c', command], { cwd: '/tmp/w' });
    expect({ ...wanted, out: ran.out, status: ran.status, ...('err' in wanted ? { err: ran.err } : {}) }).toEqual(
      wanted,
    );
  });
});

describe('awk and time', () => {
  it('ends with its reader, however endless it is', async () => {
    const { run } = bench();
    expect(await run(['bash', '-c', `awk 'BEGIN{while(1) print "y"}' | head -2`])).toMatchObject({ out: 'y\ny\n' });
    expect(await run(['bash', '-c', `timeout 1 awk 'BEGIN{while(1);}'; echo $?`])).toMatchObject({ out: '124\n' });
  });

  it('tells the time of the simulation', async () => {
    const { run } = bench();
    expect(await run(['awk', 'BEGIN{print strftime("%F %T", 86400), (systime() > 1e9)}'])).toMatchObject({
      out: '1970-01-02 00:00:00 1\n',
    });
  });

  it('calls itself deeply', async () => {
    const { run } = bench();
    expect(await run(['awk', 'function f(n){return n?1+f(n-1):0} BEGIN{print f(20000)}'])).toMatchObject({
      out: '20000\n',
    });
  });
});
