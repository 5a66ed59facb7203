import { disable, enable, mask, unitFileState, unmask, type Changes } from '../../../linux/systemd/install';
import { findUnitFile } from '../../../linux/systemd/unit-file';
import { paint } from '../systemd';
import { exists, mangle, mayManage, stateOf, type Context } from './context';
import { runJobs } from './jobs';

const NO_INSTALL = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.
 
Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

const ways: Readonly<Record<string, (fs: Context['process']['fs'], name: string) => Changes>> = {
  enable,
  disable,
  mask,
  unmask,
  reenable: (fs, name) => {
    const { messages, error } = disable(fs, name);
    return error === undefined ? { messages: [...messages, ...enable(fs, name).messages] } : { messages, error };
  },
};

/** enable, disable, reenable, mask, unmask, with `--now`. */
export async function changeFiles(context: Context, verb: string, operands: readonly string[]): Promise<number> {
  const { process, manager, options } = context;
  const { fs, stderr } = process;
  if (!mayManage(context)) {
    await context.error(
      `Failed to ${verb === 'reenable' ? 'enable' : verb} unit: Interactive authentication required.`,
    );
    return 1;
  }
  const names: string[] = [];
  for (const operand of operands) {
    if (operand.startsWith('/') && operand.includes('.')) {
      const name = operand.slice(operand.lastIndexOf('/') + 1);
      if (findUnitFile(fs, name) === undefined) fs.symlink(operand, `/etc/systemd/system/${name}`);
      names.push(name);
    } else names.push(mangle(operand));
  }
  let carriesNoInstall = names.length > 0;
  for (const name of names) {
    if ((verb === 'mask' || verb === 'unmask') && findUnitFile(fs, name) === undefined)
      await stderr.write(`Unit ${name} does not exist, proceeding anyway.\n`);
    const { messages, error, noInstall } = (ways[verb] ?? enable)(fs, name);
    if (!options.has('q')) for (const message of messages) await stderr.write(`${message}\n`);
    if (error !== undefined) {
      await context.error(`Failed to ${verb === 'reenable' ? 'enable' : verb} unit: ${error}`);
      return 1;
    }
    carriesNoInstall &&= noInstall === true && messages.length === 0;
  }
  manager.reload();
  if (verb === 'enable' && carriesNoInstall && !options.has('q')) await stderr.write(NO_INSTALL);
  if (!options.has('now')) return 0;
  if (verb === 'enable' || verb === 'reenable') return runJobs(context, 'start', names);
  if (verb === 'disable' || verb === 'mask') return runJobs(context, 'stop', names);
  return 0;
}

/** `systemctl is-enabled`. */
export async function isEnabled(context: Context, operands: readonly string[]): Promise<number> {
  const good = new Set(['enabled', 'enabled-runtime', 'static', 'alias', 'indirect', 'generated']);
  let status = 1;
  for (const operand of operands) {
    const name = mangle(operand);
    const state = stateOf(context, name);
    if (state === undefined) {
      await context.error(`Failed to get unit file state for ${name}: No such file or directory`);
      return 1;
    }
    if (!context.options.has('q')) await context.process.stdout.write(`${state}\n`);
    if (good.has(state)) status = 0;
  }
  return status;
}

/** `systemctl cat`. */
export async function cat(context: Context, operands: readonly string[]): Promise<string | number> {
  const { manager, process, look } = context;
  const parts: string[] = [];
  for (const operand of operands) {
    const name = mangle(operand);
    const unit = manager.unit(name);
    if (!exists(unit)) {
      await context.error(`No files found for ${name}.`);
      return 1;
    }
    if (unit.definition.load === 'masked') {
      parts.push(`# Unit ${name} is masked.\n`);
      continue;
    }
    if (manager.isStale(unit))
      await process.stderr.write(
        `Warning: ${name} changed on disk, the version systemd has loaded is outdated.\nThis output shows the current version of the unit's original fragment and drop-in files.\nIf fragments or drop-ins were added or removed, they are not properly reflected in this output.\nRun 'systemctl daemon-reload' to reload units.\n`,
      );
    const paths = [unit.definition.path ?? '', ...unit.definition.dropIns];
    for (const path of paths) {
      const text = process.fs.readText(path);
      parts.push(`${paint(look, 'blue', `# ${path}`)}\n${text.ok ? text.value : ''}`);
    }
  }
  return parts.join('\n');
}

/** `systemctl get-default`. */
export function defaultTarget({ process: { fs } }: Context): string {
  const path = findUnitFile(fs, 'default.target');
  const target = path === undefined ? undefined : fs.readlink(path);
  return (target?.ok === true ? target.value.split('/').at(-1) : undefined) ?? 'graphical.target';
}

/** `systemctl set-default`. */
export async function setDefault(context: Context, target: string): Promise<number> {
  const { fs, stderr } = context.process;
  const name = target.includes('.') ? target : `${target}.target`;
  const path = findUnitFile(fs, name);
  if (path === undefined || unitFileState(fs, name) === undefined) {
    await context.error(`Failed to set default target: Unit file ${name} does not exist.`);
    return 1;
  }
  const link = '/etc/systemd/system/default.target';
  if (fs.lstat(link).ok) {
    fs.unlink(link);
    await stderr.write(`Removed "${link}".\n`);
  }
  fs.symlink(path, link);
  await stderr.write(`Created symlink ${link} → ${path}.\n`);
  return 0;
}
