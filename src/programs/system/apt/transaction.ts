import { elf, programOf } from '../../../linux/process/executable';
import type { Process } from '../../../linux/process/types';
import { archiveName, type Package } from './catalogue';
import { placesOf, type Dpkg } from './status';

/** What is to be done to one package. */
export interface Step {
  readonly package: Package;
  readonly version: string;
  /** What is there now, if anything. */
  readonly before?: string;
  /** Nobody named it. */
  readonly auto: boolean;
}

/** `(Reading database … 100%`: dpkg writes it in steps even where nobody looks. */
function reading(files: number): string {
  let text = '(Reading database ... ';
  for (let percent = 5; percent <= 100; percent += 5) text += `\r(Reading database ... ${percent}%`;
  return `${text}\r(Reading database ... ${files} files and directories currently installed.)\n`;
}

const label = ({ name }: Package): string => name;

/** Who reacts after others were unpacked. */
const triggers = (dpkg: Dpkg): readonly string[] =>
  ['man-db', 'libc-bin'].flatMap((name) => {
    const found = dpkg.present(name);
    return found === undefined ? [] : [`Processing triggers for ${name} (${found.version}) ...`];
  });

/** Unpacks and sets up packages: the files come to stand on the disk. */
export async function unpackAll(process: Process, dpkg: Dpkg, steps: readonly Step[]): Promise<void> {
  const { stdout, fs } = process;
  const width = String(Math.max(0, steps.length - 1)).length;
  let first = true;
  for (const [index, { package: each, version, before }] of steps.entries()) {
    const fresh = before === undefined;
    let text = fresh ? `Selecting previously unselected package ${label(each)}.\n` : '';
    if (first) text += reading(dpkg.files);
    first = false;
    const number = steps.length > 2 ? `${String(index).padStart(width, '0')}-` : '';
    text += `Preparing to unpack .../${number}${archiveName(each, version)} ...\n`;
    text += `Unpacking ${label(each)} (${version}) ${fresh ? '' : `over (${before}) `}...\n`;
    await stdout.write(text);
    // dpkg unpacks some 40 MB a second and syncs.
    await process.sleep(20 + each.installedSize / 40);
    for (const program of each.programs) {
      const [place = ''] = placesOf(program);
      const target = placesOf(program).find((path) => fs.stat(path).ok) ?? place;
      const head = fs.readHead(target, 64);
      if (head.ok && programOf(head.value) === program) continue;
      fs.mkdirAll(target.slice(0, target.lastIndexOf('/')));
      if (fs.lstat(target).ok) fs.unlink(target);
      const size = Math.max(4096, Math.round((each.installedSize * 1024) / Math.max(1, each.programs.length)));
      fs.writeFile(target, elf(program, size), program === 'sudo' ? 0o4755 : 0o755);
    }
    fs.mkdirAll(`/usr/share/doc/${each.name}`);
    fs.writeFile(`/usr/share/doc/${each.name}/copyright`, `This package was made for the archive of ${each.origin}.\n`);
    dpkg.installed.set(each.name, {
      package: each,
      version,
      want: dpkg.installed.get(each.name)?.want === 'hold' ? 'hold' : 'install',
      state: 'installed',
      auto: steps[index]?.auto ?? false,
    });
  }
  for (const { package: each, version } of steps) {
    await stdout.write(`Setting up ${label(each)} (${version}) ...\n`);
    configure(process, each);
  }
  const after = triggers(dpkg);
  if (after.length > 0 && steps.length > 0) await stdout.write(after.map((line) => `${line}\n`).join(''));
  dpkg.save();
}

/** What maintainer scripts do: units, users, certificates. */
function configure({ fs, host }: Process, { name }: Package): void {
  if (name === 'ca-certificates') {
    fs.mkdirAll('/etc/ssl/certs');
    if (!fs.stat('/etc/ssl/certs/ca-certificates.crt').ok) fs.writeFile('/etc/ssl/certs/ca-certificates.crt', '');
  }
  if (name === 'nginx') {
    for (const folder of ['/etc/nginx/conf.d', '/var/www/html', '/var/log/nginx', '/var/cache/nginx'])
      fs.mkdirAll(folder);
    for (const [path, text] of Object.entries(nginxFiles)) if (!fs.stat(path).ok) fs.writeFile(path, text);
  }
  const unit = units[name];
  if (unit === undefined) return;
  fs.mkdirAll('/usr/lib/systemd/system');
  const [service, text] = unit;
  fs.writeFile(`/usr/lib/systemd/system/${service}`, text);
  if (!fs.stat('/run/systemd/system').ok) return;
  fs.mkdirAll('/etc/systemd/system/multi-user.target.wants');
  fs.symlink(`/lib/systemd/system/${service}`, `/etc/systemd/system/multi-user.target.wants/${service}`);
  host.systemd?.reload();
  host.systemd?.start(service, () => undefined);
}

const daemon = (description: string, docs: string, command: string): string =>
  `[Unit]\nDescription=${description}\nDocumentation=${docs}\nAfter=network.target\n\n[Service]\nExecStart=${command}\nRestart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n`;

/** What a fresh nginx serves. */
const nginxFiles: Readonly<Record<string, string>> = {
  '/etc/nginx/nginx.conf': `user www-data;
worker_processes auto;
pid /run/nginx.pid;

events {
    worker_connections 768;
}

http {
    include /etc/nginx/conf.d/*.conf;
    access_log /var/log/nginx/access.log;
    error_log /var/log/nginx/error.log;

    server {
        listen 80 default_server;
        root /var/www/html;
        index index.html index.nginx-debian.html;
        server_name _;
    }
}
`,
  '/var/www/html/index.nginx-debian.html':
    '<!DOCTYPE html>\n<html>\n<head><title>Welcome to nginx!</title></head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n',
};

/** Units that packages bring and start. */
const units: Readonly<Record<string, readonly [string, string]>> = {
  nginx: [
    'nginx.service',
    daemon(
      'A high performance web server and a reverse proxy server',
      'man:nginx(8)',
      "/usr/sbin/nginx -g 'daemon off;'",
    ),
  ],
  'redis-server': [
    'redis-server.service',
    daemon('Advanced key-value store', 'http://redis.io/documentation', '/usr/bin/redis-server'),
  ],
};

/** Takes packages away; with `purge` what configures them too. */
export async function removeAll(process: Process, dpkg: Dpkg, names: readonly string[], purge: boolean): Promise<void> {
  const { stdout, fs, host } = process;
  let first = true;
  for (const name of names) {
    const found = dpkg.installed.get(name);
    if (found === undefined) continue;
    if (first) await stdout.write(reading(dpkg.files));
    first = false;
    if (found.state === 'installed') await stdout.write(`Removing ${name} (${found.version}) ...\n`);
    const unit = units[name];
    if (unit !== undefined) {
      host.systemd?.stop(unit[0], () => undefined);
      fs.unlink(`/usr/lib/systemd/system/${unit[0]}`);
    }
    await process.sleep(30);
    for (const program of found.package.programs) {
      // What others have too stays.
      const shared = [...dpkg.installed.values()].some(
        (each) => each.package.name !== name && each.state === 'installed' && each.package.programs.includes(program),
      );
      if (shared) continue;
      for (const path of placesOf(program)) {
        const head = fs.readHead(path, 64);
        if (head.ok && programOf(head.value) === program) fs.unlink(path);
      }
    }
    fs.removeAll(`/usr/share/doc/${name}`);
    if (purge)
      await stdout.write(
        `Purging configuration files for ${name} (${found.version}) ...\n`.repeat(hasConfiguration(name) ? 1 : 0),
      );
    if (purge || !hasConfiguration(name)) dpkg.installed.delete(name);
    else dpkg.installed.set(name, { ...found, want: 'deinstall', state: 'config-files' });
  }
  const after = triggers(dpkg).slice(0, 1);
  if (after.length > 0 && !first) await stdout.write(`${after.join('\n')}\n`);
  dpkg.save();
}

/** Packages with files below /etc leave those behind. */
const hasConfiguration = (name: string): boolean =>
  /^(nginx|apache2|redis-server|openssh-server|docker-ce|containerd\.io|kubelet|sudo|wget|ca-certificates|cron)$/.test(
    name,
  );
