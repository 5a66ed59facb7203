import type { View } from './view';

export interface About {
  readonly name: string | undefined;
  readonly index: number;
  readonly files: readonly string[];
  /** Nothing was typed yet since the file came. */
  readonly fresh: boolean;
  /** Bytes of the whole, where that is known. */
  readonly bytes: number | undefined;
}

/** The parts that less' prompts are made of (%f, %i of %m, %lt-%lb/%L, %bB/%s, %pB). */
function parts(view: View, { name, index, files, bytes }: About) {
  const visible = view.visible();
  const byte = view.byteOf(view.below());
  const whole = view.text.ended ? `/${String(view.text.lines.length)}` : '';
  return {
    file: name === undefined ? '' : `${name} `,
    of: files.length > 1 ? `(file ${String(index + 1)} of ${String(files.length)}) ` : '',
    lines: `lines ${String((visible[0]?.line ?? 0) + 1)}-${String((visible.at(-1)?.line ?? 0) + 1)}${whole} `,
    byte: `byte ${String(byte)}${bytes === undefined ? '' : `/${String(bytes)}`} `,
    percent: bytes === undefined || bytes === 0 ? '' : `${String(Math.round((byte * 100) / bytes))}%`,
    end: `(END)${files[index + 1] === undefined ? '' : ` - Next: ${files[index + 1] ?? ''}`}`,
  };
}

/** The prompt; empty where it is the colon. */
export function promptOf(view: View, about: About): string {
  const { file, of, lines, byte, percent, end } = parts(view, about);
  const first = about.fresh ? file + of : '';
  const style = view.settings.prompt;
  if (style === 'short') return (first + (view.atEnd ? end : '')).trim();
  if (style === 'medium') return (first + (view.atEnd ? end : percent === '' ? byte : percent)).trim();
  return (file + (about.fresh ? of : '') + lines + (view.atEnd ? end : percent)).trim();
}

/** What `=` tells. */
export function information(view: View, about: About): string {
  const { file, of, lines, byte, percent } = parts(view, about);
  return (file + of + lines + byte + (view.atEnd ? '(END)' : percent)).trim();
}
