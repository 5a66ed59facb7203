import { decode, encode } from '../../linux/io/bytes';
import type { Process, Program } from '../../linux/process/types';
import type { Calls } from './calls/call';
import { keepAnnotations } from './annotations';
import { fileCalls } from './calls/files';
import { httpCalls } from './calls/http';
import { networkCalls } from './calls/network';
import { processCalls } from './calls/process';
import { regexCalls } from './calls/regex';
import { Interpreter } from './engine/interpreter';
import { interpreterModule } from './engine/module';
import { watchLoops } from './loops';
import { library } from './sources';

/** Where the image keeps the standard library. */
const prefix = '/usr/local/lib/python';

/** The version of the Python that the image says it has. */
function versionOf(process: Process): string {
  const said = process.fs.readText('/usr/local/lib/python-version');
  return said.ok ? said.value.trim() : (process.env.get('PYTHON_VERSION') ?? '3.12.12');
}

/** python3: runs what its arguments say in an interpreter of its own. */
export const python: Program = (process) => run(process, process.argv);

/** pip: `python -m pip`. */
export const pip: Program = (process) => run(process, ['python', '-m', 'pip', ...process.args]);

async function run(process: Process, argv: readonly string[]): Promise<number> {
  const version = versionOf(process);
  if (argv.length === 2 && (argv[1] === '-V' || argv[1] === '--version')) {
    await process.stdout.write(`Python ${version}\n`);
    return 0;
  }
  const folder = `${prefix}${version.split('.').slice(0, 2).join('.')}`;
  const module = await process.clock.external(interpreterModule);
  const calls: Calls = {
    ...fileCalls(process),
    ...processCalls(process),
    ...networkCalls(process),
    ...httpCalls(process),
    ...regexCalls(),
    annotated: ([text]) => watchLoops(keepAnnotations(String(text))),
    /** A loop's share of the processor, in seconds. */
    spend: ([seconds]) => process.compute(Number(seconds) * 1e6)?.then(() => 0) ?? 0,
    command: () => JSON.stringify(argv),
    version: () => version,
    library: ([path]) => {
      const name = String(path);
      return name.startsWith(`${folder}/`) ? (library.get(name.slice(folder.length + 1)) ?? null) : null;
    },
    replaceMap: ([target, source]) => {
      started.interpreter?.replaceMap(Number(target), Number(source));
      return 0;
    },
  };
  const started: { interpreter?: Interpreter } = {};
  const interpreter = await process.clock.external(() =>
    Interpreter.start(module, {
      clock: process.clock,
      random: process.random.fork('python'),
      call: (name, args) => calls[name]?.(args) ?? null,
      write: (descriptor, bytes) => void process.fds.get(descriptor)?.write(bytes),
      look: (path) => look(process, folder, path),
    }),
  );
  started.interpreter = interpreter;
  const raised = await interpreter.run(library.get('boot.py') ?? '');
  if (raised === undefined) return 0;
  await process.stderr.write(`Fatal Python error: ${raised.replace('\x04', ': ')}\n`);
  return 1;
}

/** A file or folder that `import` asks for: the library's own, else what is on the disk. */
function look(process: Process, folder: string, path: string): 'directory' | Uint8Array | undefined {
  if (path.startsWith(`${folder}/`) && !path.includes('/site-packages')) {
    const name = path.slice(folder.length + 1);
    const own = library.get(name);
    if (own !== undefined) return encode(own);
    if (library.has(`${name}/__init__.py`)) return 'directory';
  }
  const found = process.fs.stat(path);
  if (!found.ok) return undefined;
  if (found.value.type === 'directory') return 'directory';
  const read = process.fs.readFile(path);
  if (!read.ok) return undefined;
  return path.endsWith('.py') ? encode(watchLoops(keepAnnotations(decode(read.value)))) : read.value;
}
