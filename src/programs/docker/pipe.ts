/** Where this machine keeps the other end of a Windows named pipe, `\\.\pipe\NAME`. */
export const pipePath = (name: string): string => `/run/desktop/pipe/${name}`;

/** `npipe:////./pipe/NAME` as the path of a socket; undefined for other hosts. */
export function pipeOf(host: string): string | undefined {
  const name = /^npipe:\/\/\/\/\.\/pipe\/([^/]+)$/.exec(host)?.[1];
  return name === undefined ? undefined : pipePath(name);
}
