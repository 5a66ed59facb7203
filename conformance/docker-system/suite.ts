import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Lab } from '../../src/cluster/lab';
import { textDifference } from '../difference';
import { pullable, recordingsHost } from '../docker/session';
import type { Comparison, Suite } from '../runner';
import { runShell } from '../shell';
import { machine, prepareMachine } from './machine';
import { normalise } from './normalise';
import { notAsked } from './not-asked';

/** The longest that a question may take; the real ones had a minute. Virtual milliseconds. */
const PATIENCE = 60_000;

/** A folder to which both sides are written whole, to be compared by diff(1). */
const keep = process.env['BOTTLESHIP_KEEP'];

interface Question {
  readonly id: string;
  readonly command: string;
  readonly answer: string;
}

/** A file is a command, what it printed on both streams, and its status. */
function questionOf(folder: string, file: string): Question {
  const [first = '', ...rest] = readFileSync(join(folder, file), 'utf8').split('\n');
  return { id: basename(file, '.txt'), command: first.replace(/^# cmd: /, ''), answer: rest.join('\n') };
}

/** What stands in the recorded commands for things of that host: the container's id, its process, folders. */
interface Names {
  id: string;
  pid: string;
}

const recordedNames: Names = {
  id: 'fcfb68f5aab71e975bee35a51fa4609278eb676033872f1816fd1d039bf0384e',
  pid: '19014',
};

/** What the recorder did between the questions, by the question before which it did so. */
const preparations: ReadonlyMap<string, string> = new Map([
  [
    '01',
    'docker run --rm busybox true; ip netns add lan; ip link add lan0 type veth peer name eth0 netns lan; ' +
      'ip addr add 192.168.50.1/24 dev lan0; ip link set lan0 up; ip netns exec lan ip addr add 192.168.50.2/24 dev eth0; ' +
      'ip netns exec lan ip link set eth0 up; ip netns exec lan ip route add default via 192.168.50.1; mkdir -p /gt/w',
  ],
  ['58', 'docker run -d --name ov nginx sleep 10000 >/dev/null'],
  ['71', 'docker rm -f web ov >/dev/null'],
  ['80', 'docker rm -f $(docker ps -aq) >/dev/null'],
]);

/** The recorder was a service, so its group and where it found programs: without /bin, which is a link there. */
const recorder =
  'mkdir -p /sys/fs/cgroup/system.slice/gt-cap.service; echo $$ > /sys/fs/cgroup/system.slice/gt-cap.service/cgroup.procs; ' +
  'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin; ';

/** The folders of `ov`: what it wrote, and what it sees. */
const folders =
  'U=$(docker inspect -f "{{.GraphDriver.Data.UpperDir}}" ov 2>/dev/null); ' +
  'M=$(docker inspect -f "{{.GraphDriver.Data.MergedDir}}" ov 2>/dev/null); ';

async function ask(lab: Lab, { id, command, answer }: Question, names: Names): Promise<Comparison> {
  const line = command.replaceAll(recordedNames.id, names.id).replaceAll(recordedNames.pid, names.pid);
  const { stdout, code } = await runShell(lab, { line: `exec 2>&1; ${recorder}${folders}${line}`, limit: PATIENCE });
  const plain = [answer, `${stdout}${stdout === '' || stdout.endsWith('\n') ? '' : '\n'}# rc: ${code ?? 124}\n`].map(
    (text) => normalise(id, text),
  );
  const [wanted = '', got = ''] = plain;
  if (keep !== undefined)
    for (const [side, text] of [
      ['wanted', wanted],
      ['got', got],
    ] as const)
      writeFileSync(
        join(keep, `${id}.${side}`),
        `${text}
`,
      );
  return { id, same: wanted === got, difference: `$ ${command}${textDifference('output', wanted, got)}` };
}

async function* replay(recordings: string, name: string): AsyncIterable<Comparison> {
  const folder = join(recordings, name);
  const lab = await recordingsHost(machine);
  await runShell(lab, { line: pullable, limit: PATIENCE });
  prepareMachine(lab);
  const names: Names = { ...recordedNames };
  for (const file of readdirSync(folder).sort()) {
    const question = questionOf(folder, file);
    const number = question.id.slice(0, 2);
    const preparation = preparations.get(number);
    if (preparation !== undefined) await runShell(lab, { line: preparation, limit: PATIENCE });
    if (notAsked.has(number)) continue;
    yield await ask(lab, question, names);
    if (number !== '10') continue;
    const { stdout } = await runShell(lab, { line: "docker inspect -f '{{.Id}} {{.State.Pid}}' web", limit: PATIENCE });
    const [id = '', pid = ''] = stdout.trim().split(' ');
    Object.assign(names, { id, pid });
  }
}

/** The host under a container, question by question, beside the real one. */
export const suite: Suite = {
  name: 'docker-system',
  folder: 'docker',
  files: (recordings) => (readdirSync(recordings).includes('system-view') ? ['system-view'] : []),
  replay,
};
