import { bad } from './container-options';

/** A composition of r, w and m, each once. */
const isMode = (text: string): boolean => /^[rwm]+$/.test(text) && new Set(text).size === text.length;

/** `--device /dev/sda:/dev/xvda:rwm` (cli/command/container/opts.go, validateLinuxPath and parseLinuxDevice). */
export function parseDevice(text: string): object {
  const parts = text.split(':');
  const [source = '', second, third] = parts;
  if (parts.length > 3 || source === '') throw bad(`bad format for path: ${text}`);
  if (third !== undefined && !isMode(third)) throw bad(`bad mode specified: ${third}`);
  const onlyMode = parts.length === 2 && second !== undefined && isMode(second);
  const target = second === undefined || onlyMode ? source : second;
  if (!target.startsWith('/')) throw bad(`${target} is not an absolute path`);
  return {
    PathOnHost: source,
    PathInContainer: target === '' ? source : target,
    CgroupPermissions: third ?? (onlyMode ? second : 'rwm'),
  };
}
