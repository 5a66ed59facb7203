import type { LineEditor } from '../line-editor';

/** Prints a list below the line; asks first if it is long, and page by page (readline's display_matches). */
export async function printList(editor: LineEditor, count: number, rows: readonly string[]): Promise<void> {
  const { variables } = editor.readline;
  const limit = variables.number('completion-query-items');
  editor.painter.finish();
  let open = true;
  if (limit > 0 && count >= limit) {
    editor.print(`Display all ${count} possibilities? (y or n)`);
    open = await answer(editor);
    editor.print('\n');
  }
  if (open) await pages(editor, rows, variables.on('page-completions'));
  editor.painter.restart();
}

async function answer(editor: LineEditor): Promise<boolean> {
  for (;;) {
    const key = await editor.nextRaw();
    if (key === 'y' || key === 'Y' || key === ' ') return true;
    if (key === undefined || /^[nN\x7f\x07q]$/.test(key)) return false;
    editor.bell();
  }
}

async function pages(editor: LineEditor, rows: readonly string[], paged: boolean): Promise<void> {
  let left = editor.rows - 1;
  for (const [index, row] of rows.entries()) {
    editor.print(`${row}\n`);
    left--;
    if (!paged || left > 0 || index === rows.length - 1) continue;
    const more = await askMore(editor);
    if (more === 0) return;
    left = more;
  }
}

/** How many rows may follow `--More--`. */
async function askMore(editor: LineEditor): Promise<number> {
  editor.print('--More--');
  for (;;) {
    const key = await editor.nextRaw();
    const more =
      key === ' ' || key === 'y' || key === 'Y' || key === '\t'
        ? editor.rows - 1
        : key === '\r' || key === '\n'
          ? 1
          : key === undefined || /^[nNqQ\x7f\x07]$/.test(key)
            ? 0
            : undefined;
    if (more === undefined) {
      editor.bell();
      continue;
    }
    editor.print('\r\x1b[K');
    return more;
  }
}
