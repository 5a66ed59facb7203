import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';
import { groups, Names, users } from '../toolkit/users';

/** id(1), and groups(1). */
export const id = tool(
  {
    name: 'id',
    usage: '[OPTION]... [USER]...',
    about: 'Print user and group information for each specified USER, or (when USER omitted) for the current process.',
    short: 'agGnruzZ',
    long: { group: 'g', groups: 'G', name: 'n', real: 'r', user: 'u', zero: 'z', context: 'Z' },
  },
  async (tool) => {
    const { options, fs, process, operands, out } = tool;
    const names = new Names(fs);
    const one = options.last('g', 'G', 'u');
    if (options.has('n', 'r') && one === undefined) {
      return tool.fail('cannot print only names or real IDs in default format');
    }
    if (options.has('z') && one === undefined) return tool.fail('option --zero not permitted in default format');
    if (options.given.filter(({ name }) => /^[gGu]$/.test(name)).length > 1) {
      return tool.fail('cannot print "only" of more than one choice');
    }
    for (const name of operands.length === 0 ? [undefined] : operands) {
      let { uid, gid } = process.credentials;
      let member: readonly number[] = process.credentials.groups;
      if (name !== undefined) {
        const user = users(fs).find((candidate) => candidate.name === name || String(candidate.uid) === name);
        if (user === undefined) {
          await tool.error(`${quote(name)}: no such user`);
          continue;
        }
        ({ uid, gid } = user);
        member = groups(fs).flatMap((group) => (group.members.includes(user.name) ? [group.gid] : []));
      }
      const all = [gid, ...member.filter((group) => group !== gid)];
      const label = (number: number, text: string) => (text === String(number) ? String(number) : `${number}(${text})`);
      if (one === 'u') await out.line(options.has('n') ? names.user(uid) : String(uid));
      else if (one === 'g') await out.line(options.has('n') ? names.group(gid) : String(gid));
      else if (one === 'G') {
        await out.line(all.map((group) => (options.has('n') ? names.group(group) : String(group))).join(' '));
      } else {
        const listed = all.map((group) => label(group, names.group(group))).join(',');
        // BusyBox leaves out the list if the process has no supplementary groups.
        const shown =
          tool.dialect !== undefined && name === undefined && member.length === 0 ? '' : ` groups=${listed}`;
        await out.line(`uid=${label(uid, names.user(uid))} gid=${label(gid, names.group(gid))}${shown}`);
      }
    }
    return tool.status;
  },
);

export const groups_ = tool(
  { name: 'groups', usage: '[OPTION]... [USERNAME]...', about: 'Print group memberships for each USERNAME.' },
  async (tool) => {
    const names = new Names(tool.fs);
    const { gid, groups: member } = tool.process.credentials;
    if (tool.operands.length === 0) {
      const all = [gid, ...member.filter((group) => group !== gid)];
      await tool.out.line(all.map((group) => names.group(group)).join(' '));
    }
    for (const name of tool.operands) {
      const user = users(tool.fs).find((candidate) => candidate.name === name);
      if (user === undefined) {
        await tool.error(`${quote(name)}: no such user`);
        continue;
      }
      const all = [user.gid, ...groups(tool.fs).flatMap((group) => (group.members.includes(name) ? [group.gid] : []))];
      await tool.out.line(`${name} : ${all.map((group) => names.group(group)).join(' ')}`);
    }
    return tool.status;
  },
);
