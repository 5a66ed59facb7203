import { err, ok, type Result } from '../../../sim/result';
import type { Expanded } from '../dockerfile/expand';
import { BuildFailure } from '../dockerfile/source';
import { didYouMean } from '../dockerfile/suggest';

const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
};
const systems = ['linux', 'windows', 'darwin', 'freebsd', 'wasi', 'js'];
const known = ['386', 'amd64', 'arm', 'arm64', 'ppc64le', 'riscv64', 's390x', 'mips64le', 'loong64', 'wasm'];

/** `linux/arm64/v8`, `amd64`: made whole as containerd/platforms does. */
export function parsePlatform(text: string): Result<string, string> {
  const parts = text.split('/');
  for (const part of parts)
    if (!/^[A-Za-z0-9_.-]+$/.test(part))
      return err(
        `${JSON.stringify(part)} is an invalid component of ${JSON.stringify(text)}: platform specifier component must match "^[A-Za-z0-9_.-]+(?:\\\\(([A-Za-z0-9_.-]*)\\\\))?$": invalid argument`,
      );
  const [first = '', second, third] = parts.map((part) => part.toLowerCase());
  if (second === undefined) {
    if (systems.includes(first)) return ok(`${first}/amd64`);
    const architecture = architectures[first] ?? first;
    if (known.includes(architecture)) return ok(`linux/${architecture}`);
    return err(`${JSON.stringify(text)}: unknown operating system or architecture: invalid argument`);
  }
  const architecture = architectures[second] ?? second;
  const variant = architecture === 'arm64' && third === 'v8' ? undefined : third;
  return ok([first, architecture, ...(variant === undefined ? [] : [variant])].join('/'));
}

/** `FROM --platform`, expanded. */
export function platformOf(
  written: string,
  { text, unmatched }: Expanded,
  globals: ReadonlyMap<string, string>,
): string {
  const hint = [...unmatched].map((name) => didYouMean(name, [...globals.keys()])).find((found) => found !== '') ?? '';
  if (text === '') throw new BuildFailure(`empty platform value from expression ${written}${hint}`);
  const parsed = parsePlatform(text);
  if (!parsed.ok) throw new BuildFailure(`failed to parse platform ${written}: ${parsed.error}${hint}`);
  return parsed.value;
}
