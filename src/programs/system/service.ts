import type { Program } from '../../linux/process/types';
import { managerOf } from './systemd';
import { unitFiles } from '../../linux/systemd/install';

const usage = 'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n';

/** service(8) of init-system-helpers: systemctl by another name. */
export const service: Program = async (process) => {
  const { stdout, stderr, args } = process;
  const [name, command, ...more] = args;
  if (name === undefined || name === '--help' || name === '-h') {
    await (name === undefined ? stderr : stdout).write(usage);
    return name === undefined ? 1 : 0;
  }
  if (name === '--version' || name === '-V') {
    await stdout.write('service ver. 1.65.2\n');
    return 0;
  }
  const manager = managerOf(process);
  if (name === '--status-all') {
    const names = unitFiles(process.fs).filter((unit) => unit.endsWith('.service') && !unit.includes('@'));
    for (const unit of names.sort()) {
      const up = manager?.unit(unit).active === 'active';
      await stdout.write(` [ ${up ? '+' : '-'} ]  ${unit.replace(/\.service$/, '')}\n`);
    }
    return 0;
  }
  const verbs: Readonly<Record<string, string>> = { 'force-reload': 'reload-or-restart', '--full-restart': 'restart' };
  const known = /^(start|stop|status|reload|restart|try-restart|force-reload|--full-restart|condrestart)$/;
  if (manager === undefined || command === undefined || !known.test(command)) {
    await stderr.write(`${name}: unrecognized service\n`);
    return 1;
  }
  const file = process.which('systemctl');
  if (file === undefined) return 127;
  const argv = ['systemctl', verbs[command] ?? command, ...more, name.includes('.') ? name : `${name}.service`];
  const failed = await process.exec(file, argv, process.env);
  return failed.ok ? 0 : 126;
};
