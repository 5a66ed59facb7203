import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { goErrno } from '../../rest/kubeconfig';

const letters = '0123456789';

/** The editor's command line: KUBE_EDITOR, EDITOR or vi; through the shell where it needs one. */
function editorOf({ process: { env } }: Cli): { readonly words: readonly string[]; readonly viaShell: boolean } {
  const editor = env.get('KUBE_EDITOR') || env.get('EDITOR') || 'vi';
  if (!editor.includes(' ')) return { words: [editor], viaShell: false };
  if (!/["'\\]/.test(editor)) return { words: editor.split(' '), viaShell: false };
  return { words: [env.get('SHELL') || '/bin/bash', '-c', editor], viaShell: true };
}

export interface Edited {
  readonly text: string;
  readonly file: string;
}

/** Lets the user change a text in a temporary file. Source: kubectl pkg/cmd/util/editor/editor.go. */
export async function edit(cli: Cli, text: string, suffix = '.yaml'): Promise<Edited> {
  const { process } = cli;
  const folder = process.env.get('TMPDIR') ?? '/tmp';
  const file = `${folder}/kubectl-edit-${process.random.string(10, letters)}${suffix}`;
  const written = process.fs.writeFile(file, text, 0o600);
  if (!written.ok) throw new Failure(`open ${file}: ${goErrno(written.error.message)}`);
  await launch(cli, file);
  const read = process.fs.readText(file);
  if (!read.ok) throw new Failure(`open ${file}: ${goErrno(read.error.message)}`);
  return { text: read.value, file };
}

async function launch(cli: Cli, file: string): Promise<void> {
  const { process } = cli;
  const { words, viaShell } = editorOf(cli);
  const argv = viaShell ? words.with(-1, `${words.at(-1) ?? ''} ${JSON.stringify(file)}`) : [...words, file];
  const name = argv[0] ?? 'vi';
  const shown = JSON.stringify(words.join(' '));
  const found = process.which(name);
  if (found === undefined) throw new Failure(`unable to launch the editor ${shown}`);
  await cli.flushWarnings();
  const child = process.spawn({ file: found, argv });
  if (!child.ok) throw new Failure(`unable to launch the editor ${shown}`);
  const status = await child.value.wait();
  if (status.kind === 'exited' && status.code === 0) return;
  throw new Failure(`there was a problem with the editor ${shown}`);
}
