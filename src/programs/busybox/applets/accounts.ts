import type { Process, Program } from '../../../linux/process/types';
import { dialectOf } from '../../toolkit/dialect';
import { parseOptions, type Options } from '../../toolkit/options';
import { groups, users } from '../../toolkit/users';

/** Options of these applets (loginutils/adduser.c, addgroup.c, deluser.c). */
const specs = {
  adduser: {
    short: 'h:g:s:G:DSHu:k:',
    long: {
      'home:': 'h',
      'gecos:': 'g',
      'shell:': 's',
      'ingroup:': 'G',
      'disabled-password': 'D',
      'empty-password': 'D',
      system: 'S',
      'no-create-home': 'H',
      'uid:': 'u',
      'skel:': 'k',
    },
  },
  addgroup: { short: 'g:S', long: { 'gid:': 'g', system: 'S' } },
  deluser: { short: '', long: { 'remove-home': 'remove-home' } },
  delgroup: { short: '', long: {} },
} as const;

type Body = (process: Process, options: Options, fail: (message: string) => Promise<number>) => Promise<number>;

const applet =
  (name: keyof typeof specs, most: number, body: Body): Program =>
  async (process) => {
    const fail = async (message: string): Promise<number> => {
      await process.stderr.write(`${name}: ${message}\n`);
      return 1;
    };
    const options = parseOptions(process.args, { ...specs[name], bare: true });
    const usage = dialectOf(process)?.usage ?? '';
    if (typeof options === 'string') {
      await process.stderr.write(`${name}: ${options}\n${usage}`);
      return 1;
    }
    if (options.operands.length < 1 || options.operands.length > most) {
      await process.stderr.write(usage);
      return 1;
    }
    if (process.credentials.uid !== 0) return fail('permission denied (are you root?)');
    return body(process, options, fail);
  };

/** The lowest free number: of the system below 1000, else from 1000 on. */
function free(taken: readonly number[], system: boolean): number {
  let id = system ? 100 : 1000;
  while (taken.includes(id)) id++;
  return id;
}

const append = ({ fs }: Process, path: string, line: string): void => {
  if (fs.stat(path).ok) fs.appendFile(path, `${line}\n`);
};

/** Changes the lines of a file of accounts. */
function change({ fs }: Process, path: string, edit: (fields: string[]) => readonly string[] | undefined): void {
  const read = fs.readText(path);
  if (!read.ok) return;
  const lines = read.value.split('\n').filter((line) => line !== '');
  const kept = lines.flatMap((line) => {
    const fields = edit(line.split(':'));
    return fields === undefined ? [] : [`${fields.join(':')}\n`];
  });
  fs.writeFile(path, kept.join(''));
}

function join(process: Process, user: string, group: string): void {
  for (const path of ['/etc/group', '/etc/gshadow'])
    change(process, path, ([name = '', ...rest]) => {
      const members = (rest.at(-1) ?? '').split(',').filter((member) => member !== '');
      if (name !== group || members.includes(user)) return [name, ...rest];
      return [name, ...rest.slice(0, -1), [...members, user].join(',')];
    });
}

const badName = (name: string): boolean => !/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/.test(name);

export const adduser = applet('adduser', 2, async (process, options, fail) => {
  const { fs, clock } = process;
  const [name = '', joined] = options.operands;
  const accounts = users(fs);
  if (joined !== undefined) {
    if (!accounts.some((user) => user.name === name)) return fail(`unknown user ${name}`);
    if (!groups(fs).some((group) => group.name === joined)) return fail(`unknown group ${joined}`);
    join(process, name, joined);
    return 0;
  }
  if (badName(name))
    return fail(
      `illegal character with code ${(/[^A-Za-z0-9_.-]/.exec(name)?.[0] ?? name).charCodeAt(0)} at position 0`,
    );
  if (accounts.some((user) => user.name === name)) return fail(`user '${name}' in use`);
  const system = options.has('S');
  const wanted = options.value('u');
  const uid =
    wanted === undefined
      ? free(
          accounts.map((user) => user.uid),
          system,
        )
      : Number(wanted);
  const into = options.value('G');
  const group = groups(fs).find((one) => one.name === (into ?? (system ? 'nogroup' : name)));
  if (into !== undefined && group === undefined) return fail(`unknown group ${into}`);
  if (group === undefined && groups(fs).some(({ name: taken }) => taken === name))
    return fail(`group '${name}' in use`);
  const gid = group?.gid ?? free([...groups(fs).map((one) => one.gid)], system);
  const home = options.value('h') ?? `/home/${name}`;
  const shell = options.value('s') ?? (system ? '/bin/false' : '/bin/sh');
  const gecos = options.value('g') ?? (system ? 'Linux User,,,' : 'Linux User,,,');
  append(process, '/etc/passwd', `${name}:x:${uid}:${gid}:${gecos}:${home}:${shell}`);
  append(process, '/etc/shadow', `${name}:!:${Math.floor(clock.now / 86_400_000)}:0:99999:7:::`);
  if (group === undefined) {
    append(process, '/etc/group', `${name}:x:${gid}:`);
    append(process, '/etc/gshadow', `${name}:!::`);
  }
  if (!options.has('H') && !system) {
    const made = fs.mkdirAll(home);
    if (made.ok) {
      fs.chmod(home, 0o755);
      fs.chown(home, uid, gid);
    }
  }
  if (options.has('D') || system) return 0;
  // It ends as passwd does: the password is asked for.
  const path = process.which('passwd');
  if (path === undefined) return 0;
  const failed = await process.exec(path, ['passwd', name], process.env);
  return failed.ok ? 0 : 1;
});

export const addgroup = applet('addgroup', 2, async (process, options, fail) => {
  const { fs } = process;
  const [first = '', second] = options.operands;
  const all = groups(fs);
  if (second !== undefined) {
    if (!users(fs).some((user) => user.name === first)) return fail(`unknown user ${first}`);
    if (!all.some((group) => group.name === second)) return fail(`unknown group ${second}`);
    join(process, first, second);
    return 0;
  }
  if (all.some((group) => group.name === first)) return fail(`group '${first}' in use`);
  const wanted = options.value('g');
  if (wanted !== undefined && all.some(({ gid }) => gid === Number(wanted))) return fail(`gid '${wanted}' in use`);
  const gid =
    wanted === undefined
      ? free(
          all.map((group) => group.gid),
          options.has('S'),
        )
      : Number(wanted);
  append(process, '/etc/group', `${first}:x:${gid}:`);
  append(process, '/etc/gshadow', `${first}:!::`);
  return 0;
});

export const deluser = applet('deluser', 2, async (process, options, fail) => {
  const { fs } = process;
  const [name = '', group] = options.operands;
  const account = users(fs).find((user) => user.name === name);
  if (account === undefined) return fail(`unknown user ${name}`);
  const leave = (from: string | undefined): void => {
    for (const path of ['/etc/group', '/etc/gshadow'])
      change(process, path, ([one = '', ...rest]) => {
        const members = (rest.at(-1) ?? '').split(',').filter((member) => member !== name);
        return from === undefined || from === one ? [one, ...rest.slice(0, -1), members.join(',')] : [one, ...rest];
      });
  };
  if (group !== undefined) {
    if (!groups(fs).some((one) => one.name === group)) return fail(`unknown group ${group}`);
    leave(group);
    return 0;
  }
  for (const path of ['/etc/passwd', '/etc/shadow'])
    change(process, path, (fields) => (fields[0] === name ? undefined : fields));
  leave(undefined);
  for (const path of ['/etc/group', '/etc/gshadow'])
    change(process, path, (fields) => (fields[0] === name && (fields.at(-1) ?? '') === '' ? undefined : fields));
  if (options.has('remove-home')) {
    const read = fs.stat(`/home/${name}`);
    if (read.ok) fs.removeAll(`/home/${name}`);
  }
  return 0;
});

export const delgroup = applet('delgroup', 2, async (process, options, fail) => {
  const [first = '', second] = options.operands;
  const { fs } = process;
  const name = second ?? first;
  const found = groups(fs).find((group) => group.name === name);
  if (found === undefined) return fail(`unknown group ${name}`);
  for (const path of ['/etc/group', '/etc/gshadow'])
    change(process, path, (fields) => {
      if (fields[0] !== name) return fields;
      if (second === undefined) return undefined;
      const members = (fields.at(-1) ?? '').split(',').filter((member) => member !== first);
      return [...fields.slice(0, -1), members.join(',')];
    });
  return 0;
});
