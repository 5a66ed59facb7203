/**
 * What the page and an editor in the world say to each other about a file, in control sequences of the terminal
 * (OSC 7733; the other end is src/programs/editors/pane.ts). All of it is typed and shown, so a session has it all.
 */
export const oscNumber = 7733;

/** A file as an editor has it. */
export interface EditedFile {
  readonly path: string;
  readonly text: string;
  readonly readOnly: boolean;
}

export type EditorSaid =
  | { readonly verb: 'here'; readonly path: string }
  | { readonly verb: 'gone' }
  | { readonly verb: 'text'; readonly file: EditedFile }
  | { readonly verb: 'saved' | 'refused'; readonly message: string };

function toBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

const fromBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));

/** What is typed at the editor's terminal. */
export const ask = (verb: 'show' | 'save' | 'close', text = ''): string =>
  `\x1b]${oscNumber};${verb}${verb === 'save' ? `;${toBase64(text)}` : ''}\x07`;

/** What came, without the number; undefined where somebody else uses it. */
export function understand(body: string): EditorSaid | undefined {
  const [verb = '', value = ''] = body.split(';');
  try {
    const text = fromBase64(value);
    if (verb === 'here') return { verb, path: text };
    if (verb === 'gone') return { verb };
    if (verb === 'saved' || verb === 'refused') return { verb, message: text };
    return verb === 'text' ? textOf(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** Any program may write such a sequence: what it holds is looked at. */
function textOf(value: unknown): EditorSaid | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { path, text, readOnly } = value as Partial<Record<keyof EditedFile, unknown>>;
  if (typeof path !== 'string' || typeof text !== 'string') return undefined;
  return { verb: 'text', file: { path, text, readOnly: readOnly === true } };
}
