import { applyPatch, type Operation } from 'fast-json-patch';
import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure, isStatus, StatusError } from '../errors';
import { flag } from '../flags/flag-set';
import { equal, isObject, kindOf, text, type JsonObject } from '../json';
import { decodeYaml, YamlError } from '../manifest/yaml';
import { applyMerge, applyStrategic, isBuiltIn } from '../patch';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { pathOf } from '../resource/mapper';
import { patchTypes } from '../rest/client';
import { goErrno } from '../rest/kubeconfig';
import { dryRun, dryRunFlag, fieldManagerFlag, filenameFlags, filenames, subresourceFlag } from './shared-flags';

type PatchType = 'json' | 'merge' | 'strategic';
const types: readonly PatchType[] = ['json', 'merge', 'strategic'];

/** The patch as JSON text. What looks like JSON is sent as it is (utilyaml.ToJSON). */
function patchText(cli: Cli): string {
  const { flags } = cli;
  const file = flags.string('patch-file');
  let source = flags.string('patch');
  if (file !== '') {
    const read = cli.process.fs.readText(file);
    if (!read.ok) throw new Failure(`unable to read patch file: open ${file}: ${goErrno(read.error.message)}`);
    source = read.value;
  }
  if (source.trimStart().startsWith('{')) return source;
  try {
    return JSON.stringify(decodeYaml(source)[0] ?? null);
  } catch (reason) {
    if (reason instanceof YamlError)
      throw new Failure(`unable to parse ${JSON.stringify(flags.string('patch'))}: ${reason.message}`);
    throw reason;
  }
}

function parsed(patch: string): unknown {
  try {
    return JSON.parse(patch);
  } catch {
    throw new Failure('unexpected end of JSON input');
  }
}

function applied(type: PatchType, object: JsonObject, patch: unknown): JsonObject {
  if (type === 'json') {
    if (!Array.isArray(patch)) throw new Failure('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
    try {
      return applyPatch(structuredClone(object), patch as Operation[]).newDocument;
    } catch (reason) {
      throw new Failure(reason instanceof Error ? (reason.message.split('\n')[0] ?? '') : 'invalid patch');
    }
  }
  if (!isObject(patch)) throw new Failure('Invalid JSON Patch');
  if (type === 'merge') return applyMerge(object, patch);
  const apiVersion = text(object, 'apiVersion');
  const slash = apiVersion.indexOf('/');
  if (!isBuiltIn(slash < 0 ? '' : apiVersion.slice(0, slash)))
    throw new Failure(
      `strategic merge patch is not supported for ${apiVersion}, Kind=${kindOf(object)} locally, try --type merge`,
    );
  return applyStrategic(object, patch, kindOf(object));
}

export const patch: Command = {
  use: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  short: 'Update fields of a resource',
  long: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

 Patches may be JSON or YAML.

 Note: Strategic merge patch is not supported for custom resources.`,
  example: `# With a strategic merge patch
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# With a JSON patch
kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'`,
  flags: [
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-patch'),
    ...filenameFlags('that names the resource to update'),
    flag.bool('local', false, 'Change what the file says instead of what the server has.'),
    flag.string('patch', '', 'The patch.', { short: 'p' }),
    flag.string('patch-file', '', 'File with the patch.'),
    subresourceFlag('Patch this subresource of the object.'),
    flag.string('type', 'strategic', 'Kind of patch: json, merge or strategic.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    const local = flags.bool('local');
    const given = [flags.string('patch'), flags.string('patch-file')];
    if (given.every((word) => word !== '')) throw new Failure('cannot specify --patch and --patch-file together');
    if (given.every((word) => word === ''))
      throw new Failure('must specify --patch or --patch-file containing the contents of the patch');
    if (local && cli.args.length > 0) throw new Failure('cannot specify --local and server resources');
    if (local && strategy === 'server')
      throw new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const word = flags.string('type').toLowerCase() || 'strategic';
    const type = types.find((each) => each === word);
    if (type === undefined)
      throw new Failure(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`);
    const body = patchText(cli);
    const subresource = flags.string('subresource');
    const { explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      enforceNamespace: explicit,
      flatten: true,
      continueOnError: true,
      local,
      subresource,
    });
    const printer = objectPrinter(cli);
    let count = 0;
    await result.visit(async ({ mapping, namespace, name, object = {} }) => {
      count++;
      const after =
        local || strategy === 'client'
          ? applied(type, object, parsed(body))
          : await send(cli, pathOf(mapping, namespace, name, subresource), type, body, {
              what: `${mapping.group === '' ? '/' : `${mapping.group}/`}${mapping.version}, Kind=${mapping.kind}`,
              dry: strategy === 'server',
            });
      // kubectl sets the suffix of dry runs too early for this command: only client-side runs would show it, and they do not.
      const operation = equal(object, after) ? 'patched (no change)' : 'patched';
      await cli.out(printer ? printer.print(after) : `${nameWithKind(after)} ${operation}\n`);
    });
    if (count === 0) throw new Failure('no objects passed to patch');
  },
};

async function send(
  cli: Cli,
  path: string,
  type: PatchType,
  body: string,
  { what, dry }: { readonly what: string; readonly dry: boolean },
): Promise<JsonObject> {
  try {
    return await cli.factory.client.json('PATCH', path, {
      body,
      contentType: patchTypes[type],
      query: { fieldManager: cli.flags.string('field-manager'), ...(dry ? { dryRun: 'All' } : {}) },
    });
  } catch (reason) {
    if (isStatus(reason, 'UnsupportedMediaType') && reason instanceof StatusError)
      throw new Failure(`${patchTypes[type]} is not supported by ${what}: ${reason.message}`);
    throw reason;
  }
}
