import type { Interpreter, Machine } from './interpreter';

const noSuchFile = 44;
const badDescriptor = 8;

/** The system calls by which `import` reads source files: stat, open, read, close (numbers of WASI). */
export function moduleFiles(
  self: () => Interpreter,
  look: Machine['look'],
): Readonly<Record<string, (...args: number[]) => number>> {
  const open = new Map<number, { readonly bytes: Uint8Array; at: number }>();
  let last = 10;
  const status = (path: number, buffer: number): number => {
    const { memory } = self();
    const found = look(memory.text(path));
    if (found === undefined) return -noSuchFile;
    const { view, bytes } = memory;
    bytes.fill(0, buffer, buffer + 96);
    view.setUint32(buffer + 4, found === 'directory' ? 0o040755 : 0o100644, true);
    view.setUint32(buffer + 8, 1, true);
    view.setUint32(buffer + 24, found === 'directory' ? 0 : found.length, true);
    return 0;
  };
  return {
    __syscall_stat64: (path = 0, buffer = 0) => status(path, buffer),
    __syscall_lstat64: (path = 0, buffer = 0) => status(path, buffer),
    __syscall_newfstatat: (_at = 0, path = 0, buffer = 0) => status(path, buffer),
    __syscall_openat: (_at = 0, path = 0) => {
      const found = look(self().memory.text(path));
      if (!(found instanceof Uint8Array)) return -noSuchFile;
      open.set(++last, { bytes: found, at: 0 });
      return last;
    },
    fd_read: (descriptor = 0, vectors = 0, count = 0, got = 0) => {
      const file = open.get(descriptor);
      if (file === undefined) return badDescriptor;
      const { view, bytes } = self().memory;
      let sum = 0;
      for (let index = 0; index < count; index++) {
        const at = view.getUint32(vectors + 8 * index, true);
        const part = file.bytes.subarray(file.at, file.at + view.getUint32(vectors + 8 * index + 4, true));
        bytes.set(part, at);
        file.at += part.length;
        sum += part.length;
      }
      view.setUint32(got, sum, true);
      return 0;
    },
    fd_close: (descriptor = 0) => (open.delete(descriptor) ? 0 : badDescriptor),
  };
}
