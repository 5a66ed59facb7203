import { encode, decode } from '../io/bytes';
import type { FileContent } from '../fs/types';

/** e_ident of a 64-bit little-endian ELF file (elf(5)), then our own note that names the program. */
const magic = '\x7fELF\x02\x01\x01\x00';
const note = 'bottleship:';
/** The same in a program for another processor, which no kernel of this world runs. */
const foreignNote = 'bottleship/arm64:';

export type Machine = 'amd64' | 'arm64';

/**
 * An executable of the simulated machine: begins as an ELF file does and names the program that exec runs. Copying,
 * chmod, layers and hard links therefore work as for any file.
 */
export function elf(program: string, size = 0, machine: Machine = 'amd64'): FileContent {
  const head = encode(`${magic}${machine === 'amd64' ? note : foreignNote}${program}\0`);
  if (size <= head.length) return head;
  return {
    size,
    head,
    make: () => {
      const bytes = new Uint8Array(size);
      bytes.set(head);
      return bytes;
    },
  };
}

/** The program that a file's first bytes name; undefined if it is none of ours. */
export function programOf(head: Uint8Array): string | undefined {
  if (head[0] !== 0x7f) return undefined;
  const text = decode(head.subarray(0, 256));
  if (!text.startsWith(magic + note)) return undefined;
  const start = magic.length + note.length;
  const end = text.indexOf('\0', start);
  return text.slice(start, end < 0 ? undefined : end);
}
