import { CommandError } from '../../cli/command';
import type { Process } from '../../../../linux/process/types';
import { encode } from '../../../../linux/io/bytes';
import { csvFields } from './csv';

interface SecretSpec {
  readonly id: string;
  readonly file: string;
  readonly env: string;
}

const MAX_SIZE = 500 * 1024;

/** `--secret id=…[,src=…|,env=…]` (util/buildflags/secrets.go). */
export function parseSecrets(values: readonly string[]): readonly SecretSpec[] {
  return values.filter((value) => value !== '').map(parseSecret);
}

function parseSecret(value: string): SecretSpec {
  let [id, file, env, type] = ['', '', '', ''];
  for (const field of csvFields(value)) {
    const equals = field.indexOf('=');
    if (equals < 0) throw new CommandError(`invalid field '${field}' must be a key=value pair`);
    const key = field.slice(0, equals).toLowerCase();
    const text = field.slice(equals + 1);
    if (key === 'type') {
      if (text !== 'file' && text !== 'env') throw new CommandError(`unsupported secret type ${JSON.stringify(text)}`);
      type = text;
    } else if (key === 'id') id = text;
    else if (key === 'source' || key === 'src') file = text;
    else if (key === 'env') env = text;
    else throw new CommandError(`unexpected key '${key}' in '${field}'`);
  }
  if (type === 'env' && env === '') [env, file] = [file, ''];
  return { id, file, env };
}

/** The secrets' contents by their ids, in base64 (build.CreateSecrets, secretsprovider.NewStore). */
export function readSecrets(process: Process, specs: readonly SecretSpec[]): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const { id, file: given, env: name } of specs) {
    if (id === '') throw new CommandError('secret missing ID');
    const byId = given === '' && name === '';
    const env = byId && process.env.has(id) ? id : name;
    const file = byId && env === '' ? id : given;
    if (env !== '') {
      const value = process.env.get(env);
      if (value !== undefined) secrets[id] = base64(encode(value));
      continue;
    }
    const stat = process.fs.stat(file);
    if (!stat.ok) throw new CommandError(`failed to stat ${file}: stat ${file}: ${stat.error.message.toLowerCase()}`);
    if (stat.value.size > MAX_SIZE) throw new CommandError(`secret ${id} too big. max size 500KB`);
    const bytes = process.fs.readFile(file);
    if (!bytes.ok) throw new CommandError(`failed to read ${file}: open ${file}: ${bytes.error.message.toLowerCase()}`);
    secrets[id] = base64(bytes.value);
  }
  return secrets;
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
