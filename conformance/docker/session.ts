import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLab, type Lab } from '../../src/cluster/lab';
import { topologies, type HostPlan } from '../../src/cluster/topology';
import type { Entries } from '../../src/containers/images/entries';
import { elf } from '../../src/linux/process/executable';
import { shared } from '../runner';
import { runShell, writeFiles } from '../shell';
import { home, library, out, sectionNames, sections } from './harness';
import { busyboxFiles, hub, pushed } from './images';
import { moveOutside } from './outside';
import { lastAnswerBefore } from './recorded-times';

/** No section of the script may take longer. Virtual milliseconds. */
const PATIENCE = 3_600_000;

/** From the last command of one section to the first of the next. Milliseconds. */
const PAUSE = 5_000;

/** The recordings' host. */
const machine: Machine = {
  name: 'docker-host',
  cpus: 2,
  memory: 25_340_006_400,
  cgroup: 'v1',
  without: ['apparmor', 'sysrq', 'hypervisor', 'ip_vs', 'kcore', 'inode64'],
  disk: { source: '/dev/vda', options: 'discard,resv_strict,resuid=65534,resgid=65534' },
};

/** What is special of the hardware, the kernel and the disk of a host. */
export type Machine = Omit<HostPlan, 'address' | 'roles'>;

/** A host on which recordings were made, booted, with its registry of Docker Hub. */
export async function recordingsHost(plan: Machine = machine): Promise<Lab> {
  const topology = topologies['docker'];
  if (topology === undefined) throw new Error('there is no topology called docker');
  const lab: Lab = await createLab({
    topology: { ...topology, hosts: topology.hosts.map((host) => ({ ...host, ...plan })) },
    seed: 1,
    begin: Date.parse('2026-11-20T20:34:00Z'),
    repositories: hub(() => baseArchive(lab)),
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    fault: (fault, process) => console.error(`${process.argv.join(' ')}: ${String((fault as Error).stack ?? fault)}`),
  });
  installDebian(lab);
  await lab.boot();
  moveOutside(lab);
  writeEntries(lab, `${home}/b`, busyboxFiles);
  await runShell(lab, { line: `tar -C ${home}/b -cf ${home}/base.tar .`, limit: PATIENCE });
  return lab;
}

/** The base image was imported from an archive that the host's tar made. */
function baseArchive({ first: { fs } }: Lab): Uint8Array {
  const archive = fs.readFile(`${home}/base.tar`);
  if (!archive.ok) throw new Error(`${home}/base.tar: ${archive.error.message}`);
  return archive.value;
}

/** The recordings' host had Debian's packages. */
function installDebian({ first: { fs } }: Lab): void {
  fs.writeFile('/etc/os-release', 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nID=debian\n');
  const plugins = '/usr/libexec/docker/cli-plugins';
  fs.mkdirAll(plugins);
  fs.writeFile(`${plugins}/docker-buildx`, elf('docker-buildx'), 0o755);
  fs.writeFile(`${plugins}/docker-compose`, elf('docker-compose.io'), 0o755);
  fs.writeFile('/usr/bin/docker', elf('docker.io'), 0o755);
  fs.writeFile('/usr/bin/busybox', elf('busybox'), 0o755);
  fs.writeFile('/usr/bin/docker-registry', elf('registry'), 0o755);
  fs.writeFile('/usr/sbin/dockerd', elf('dockerd.io'), 0o755);
  fs.writeFile('/usr/sbin/nft', elf('nft'), 0o755);
}

/** An image's files, unpacked into a folder. */
function writeEntries(lab: Lab, folder: string, entries: Entries): void {
  const { fs } = lab.first;
  fs.mkdirAll(folder);
  for (const [path, entry] of Object.entries(entries)) {
    const at = `${folder}${path}`;
    if (entry.type === 'directory') {
      fs.mkdirAll(at);
      if (entry.mode !== undefined) fs.chmod(at, entry.mode);
    }
    if (entry.type === 'symlink') fs.symlink(entry.target, at);
    if (entry.type !== 'file') continue;
    const { content, mode } = entry;
    if (content.kind === 'text') fs.writeFile(at, content.text, mode);
    if (content.kind === 'program') fs.writeFile(at, elf(content.program, content.size), mode);
  }
}

/** The registry that the recordings' host ran itself, and what was pushed to it before. */
const registryConfig = `version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: /var/lib/docker-registry}, delete: {enabled: true}}
http: {addr: 127.0.0.1:5000}
`;
const ownRegistry = `setsid docker-registry serve ${home}/registry.yml >/var/log/gt-registry.log 2>&1 </dev/null &
sleep 1
for t in ${pushed.join(' ')}; do
  docker pull -q $t && docker tag $t localhost:5000/library/$t && docker push -q localhost:5000/library/$t
done >/dev/null
docker images -aq | sort -u | xargs -r docker rmi -f >/dev/null
docker builder prune -af >/dev/null
`;

/** What one section of the script did: the recordings from one number (not included) to another. */
interface Section {
  readonly lab: Lab;
  readonly from: number;
  readonly to: number;
}

/** A script of those who recorded; theirs all are alike. */
function scriptOf(recordings: string, name: string): string {
  const own = join(recordings, 'setup', name);
  return readFileSync(existsSync(own) ? own : join(shared, 'ground-truth/docker/setup', name), 'utf8');
}

/** Runs the script by which docker was recorded, section by section. */
export async function* session(
  recordings: string,
  prepared: (lab: Lab) => void = () => undefined,
): AsyncIterable<Section> {
  const script = scriptOf(recordings, 'capture.sh');
  const lab = await recordingsHost();
  writeFiles(lab, { [`${home}/lib.sh`]: library, [`${home}/capture.sh`]: sections(script) });
  lab.first.fs.mkdirAll(out);
  writeFiles(lab, { [`${home}/registry.yml`]: registryConfig, [`${home}/registry.sh`]: ownRegistry });
  // The images were built there, which the history of builds shows; what they are for is in images.ts.
  const builds = /^mkdir -p i\/alpine[\s\S]*?^for x in alpine.*$/m.exec(scriptOf(recordings, 'setup.sh'))?.[0] ?? '';
  writeFiles(lab, { [`${home}/builds.sh`]: `cd ${home}; docker pull -q busybox; ${builds}` });
  lab.first.fs.writeFile(`${home}/hello`, elf('hello'), 0o755);
  await runShell(lab, { line: `. ${home}/builds.sh`, limit: PATIENCE });
  const { stderr: refused } = await runShell(lab, { line: `. ${home}/registry.sh`, limit: PATIENCE });
  if (refused !== '') console.error(`the host's registry: ${refused.slice(0, 2000)}`);
  await runShell(lab, { line: 'docker pull busybox', limit: PATIENCE });
  prepared(lab);
  const starts = new Map(
    [...script.matchAll(/^s_([a-z]+)\(\)\{ sec (\d+)/gm)].map(([, name = '', first]) => [name, Number(first)]),
  );
  const names = sectionNames(script);
  for (const [index, name] of names.entries()) {
    const [from, to] = [starts.get(name) ?? 0, starts.get(names[index + 1] ?? '') ?? Infinity];
    // gzip makes 133 to 138 bytes of the archive that the builds take along, whatever the second in its header lets it:
    // sections begin about when they did.
    const ahead = (lastAnswerBefore(recordings, from) ?? 0) + PAUSE - lab.clock.now;
    if (ahead > 0) await runShell(lab, { line: `sleep ${ahead / 1000}`, limit: PATIENCE });
    const { stderr } = await runShell(lab, { line: `. ${home}/capture.sh; s_${name}`, limit: PATIENCE });
    if (stderr !== '') console.error(`section ${name}: ${stderr.slice(0, 2000)}`);
    yield { lab, from, to };
  }
}

/** Fetches the images that the recorder had. */
export const pullable = 'for image in nginx busybox alpine; do docker pull -q $image; done >/dev/null';
