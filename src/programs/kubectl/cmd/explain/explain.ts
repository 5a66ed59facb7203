import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, NoResourceMatch, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { JsonPathError, parse, type Node } from '../../jsonpath/parse';
import { at, isObject, type JsonObject } from '../../json';
import type { Mapping } from '../../resource/mapper';
import { splitGroupVersion } from '../../rest/discovery';
import { parseObject } from '../../rest/client';
import { RendererV2 } from './plaintext-v2';
import { Renderer } from './render';

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** The steps of `pod.spec.containers`: a JSONPath without its first dot and its braces. */
function stepsOf(path: string): readonly Node[] {
  try {
    const { nodes } = parse(`{.${path.replace(/\.$/, '')}}`);
    const [only] = nodes;
    if (nodes.length !== 1 || only?.kind !== 'list') throw new Failure('must pass in 1 jsonpath string');
    return only.nodes;
  } catch (reason) {
    throw reason instanceof JsonPathError ? new Failure(reason.message) : reason;
  }
}

function fieldsOf(steps: readonly Node[], complaint: string): readonly string[] {
  return steps.map((step) => {
    if (step.kind !== 'field') throw new Failure(`invalid jsonpath syntax, ${complaint}`);
    return step.name;
  });
}

const notFirst = 'first node must be field node';

/** Which kind, and which of its fields: `ingresses.networking.k8s.io.spec` names the group, `pod.spec` does not. */
async function target(cli: Cli, argument: string, plain: boolean): Promise<readonly [Mapping, readonly string[]]> {
  const steps = stepsOf(argument);
  const [resource = ''] = fieldsOf(steps.slice(0, 1), notFirst);
  if (resource === '') throw new Failure('a resource must be present, got: /, Resource=');
  const first = await cli.factory.resolve((mapper) => mapper.forResource(resource));
  if (plain) return [first, fieldsOf(steps.slice(1), 'all nodes must be field nodes')];
  const mapper = await cli.factory.mapper();
  for (const group of new Set([first.group, ...mapper.discovery.versions.map((each) => each.group)])) {
    const name = group === '' ? first.resource : `${first.resource}.${group}`;
    if (!argument.startsWith(name)) continue;
    try {
      const mapping = mapper.forResource(name);
      if (mapping.resource !== first.resource || mapping.group !== group) continue;
      const rest = argument.slice(name.length);
      return [mapping, rest === '' ? [] : fieldsOf(stepsOf(rest).slice(1), notFirst)];
    } catch (reason) {
      if (!(reason instanceof NoResourceMatch)) throw reason;
    }
  }
  return [first, fieldsOf(steps.slice(1), notFirst)];
}

/** schema.ParseGroupVersion. */
function parseGroupVersion(text: string): ReturnType<typeof splitGroupVersion> {
  if (text.split('/').length > 2) throw new Failure(`unexpected GroupVersion string: ${text}`);
  return splitGroupVersion(text);
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'];

/** The kind that a resource's paths speak of. */
function kindOf(document: JsonObject, { group, version, resource }: Resource): JsonObject | undefined {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const paths = [
    `${root}/${resource}`,
    `${root}/${resource}/{name}`,
    `${root}/namespaces/{namespace}/${resource}`,
    `${root}/namespaces/{namespace}/${resource}/{name}`,
  ];
  let found: JsonObject | undefined;
  for (const path of paths) {
    const element = at(document, 'paths', path);
    for (const verb of verbs) {
      const kind = at(element, verb, 'x-kubernetes-group-version-kind');
      if (!isObject(kind)) continue;
      found = kind;
      break;
    }
  }
  return found;
}

async function documentOf(cli: Cli, { group, version, resource }: Resource): Promise<JsonObject> {
  const document = await cli.factory.schemaText(group, version);
  if (document === undefined)
    throw new Failure(`couldn't find resource for "${group}/${version}, Resource=${resource}"`);
  return parseObject(document);
}

/** A server that does not tell of its third version is asked for the second. */
async function hasV3(cli: Cli): Promise<boolean> {
  try {
    await cli.factory.schemas();
    return true;
  } catch (reason) {
    if (reason instanceof StatusError) return false;
    throw reason;
  }
}

async function run(cli: Cli): Promise<void> {
  const { args, flags } = cli;
  if (args.length === 0)
    throw new Failure(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
    );
  if (args.length > 1) throw new Failure('We accept only this format: explain RESOURCE\n');
  const wanted = flags.string('api-version');
  const [mapping, fields] = await target(cli, args[0] ?? '', wanted !== '');
  const groupVersion = wanted === '' ? mapping : parseGroupVersion(wanted);
  const output = flags.string('output');
  if (output === 'plaintext-openapiv2' || (output === 'plaintext' && !(await hasV3(cli)))) {
    const { group, version } = groupVersion;
    const document = await cli.factory.schemaV2();
    const shown = new RendererV2(document, flags.bool('recursive')).render(
      { group, version, kind: mapping.kind },
      fields,
    );
    await cli.out(shown);
    return;
  }
  const wholly = { ...groupVersion, resource: mapping.resource };
  const document = await documentOf(cli, wholly);
  if (output !== 'plaintext') throw new Failure(`unrecognized format: ${output}`);
  const gvk = kindOf(document, wholly);
  if (gvk === undefined)
    throw new Failure(
      `GVR (${wholly.group}/${wholly.version}, Resource=${wholly.resource}) not found in OpenAPI schema`,
    );
  const { head, body } = new Renderer(document, flags.bool('recursive')).render(gvk, fields);
  await cli.out(head);
  await cli.out(body());
}

export const explain: Command = {
  use: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  discoveryAttempts: 2,
  short: 'Get documentation for a resource',
  long: `Show the fields of a kind, as the server documents them.

 A field within is named with dots: <type>.<field>.<field>.

Use "kubectl api-resources" for a complete list of supported resources.`,
  example: `# A kind
  kubectl explain pods

  # With the fields of its fields
  kubectl explain pods --recursive

  # One field
  kubectl explain pods.spec.containers`,
  flags: [
    flag.string('api-version', '', 'The group and version to look at.'),
    flag.string('output', 'plaintext', 'How to show it (plaintext, plaintext-openapiv2).'),
    flag.bool('recursive', false, 'Only names, but also those of fields within.'),
  ],
  run,
};
