import { tool } from '../../toolkit/tool';
import { groups, users } from '../../toolkit/users';

/** chroot(1) of coreutils. */
export const chroot = tool(
  {
    name: 'chroot',
    usage: '[OPTION] NEWROOT [COMMAND [ARG]...]\n  or:  chroot OPTION',
    about: 'Run COMMAND with root directory set to NEWROOT.',
    package: 'GNU coreutils 9.1',
    long: { 'userspec:': 'userspec', 'groups:': 'groups', 'skip-chdir': 'skip-chdir' },
    stopAtOperand: true,
    trouble: 125,
  },
  async (tool) => {
    const { process, operands, options } = tool;
    const [root, ...given] = operands;
    if (root === undefined) return tool.missingOperand();
    const spec = options.value('userspec');
    if (process.credentials.uid !== 0)
      return tool.fail(`cannot change root directory to '${root}': Operation not permitted`, 125);
    const stat = process.fs.stat(root);
    if (!stat.ok) return tool.fail(`cannot change root directory to '${root}': ${stat.error.message}`, 125);
    if (stat.value.type !== 'directory')
      return tool.fail(`cannot change root directory to '${root}': Not a directory`, 125);
    const changed = process.chroot(root);
    if (!changed.ok) return tool.fail(`cannot change root directory to '${root}': ${changed.error.message}`, 125);
    process.cwd = '/';
    if (spec !== undefined) {
      const [name = '', groupName] = spec.split(':');
      const user = users(process.fs).find((each) => each.name === name || String(each.uid) === name);
      const uid = user?.uid ?? Number(name);
      if (Number.isNaN(uid)) return tool.fail('invalid user', 125);
      const group =
        groupName === undefined
          ? undefined
          : groups(process.fs).find((each) => each.name === groupName || String(each.gid) === groupName);
      const gid = group?.gid ?? (groupName === undefined ? (user?.gid ?? uid) : Number(groupName));
      process.setCredentials({ uid, gid, groups: [gid] });
    }
    const argv = given.length > 0 ? given : [process.env.get('SHELL') ?? '/bin/sh', '-i'];
    const [command = ''] = argv;
    const file = command.includes('/') ? command : process.which(command);
    if (file === undefined) return tool.fail(`failed to run command '${command}': No such file or directory`, 127);
    const failed = await process.exec(file, argv, process.env);
    if (failed.ok) return 0;
    const { code, message } = failed.error;
    return tool.fail(`failed to run command '${command}': ${message}`, code === 'ENOENT' ? 127 : 126);
  },
);
