import { duration } from '../run/time';
import { out } from '../run/io';
import type { Builtin } from './types';

export const times: Builtin = (shell) => {
  const { process } = shell;
  const all = process.host.processes(process);
  const own = (all.find(({ pid }) => pid === process.pid)?.cpuMs ?? 0) / 1000;
  const children =
    all.filter(({ parentPid }) => parentPid === process.pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
  const row = (seconds: number): string => `${duration(seconds, 3, true)} ${duration(0, 3, true)}\n`;
  return out(shell, row(own) + row(children));
};
