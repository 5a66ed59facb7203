import type { Cli } from '../../cli';
import { Failure, isNotFound, isStatus } from '../../errors';
import { isObject, type JsonObject } from '../../json';
import { originalOf, withConfiguration } from '../../manifest/last-applied';
import { isBuiltIn, threeWayMerge, threeWayStrategic } from '../../patch';
import { compactJson } from '../../printers/json';
import { fetchInfo } from '../../resource/fetch';
import type { Info } from '../../resource/info';
import { pathOf } from '../../resource/mapper';
import { patchTypes, type Query } from '../../rest/client';
import { withSource } from '../create/create';

const retries = 5;
/** After so many conflicts it waits a second before the next try. */
const patient = 1;

export interface PatchOutcome {
  readonly patch: JsonObject;
  readonly object: JsonObject;
}

/** The patch that brings a live object to what it shall be: a three-way one, strategic for built-in kinds. */
export async function applyPatchOf(
  cli: Cli,
  info: Info,
  modified: JsonObject,
  current: JsonObject,
  asksSchema = true,
): Promise<{ patch: JsonObject; type: string }> {
  // How lists merge is what the server's schema says of built-in kinds; they are those that we know.
  if (asksSchema) await cli.factory.schemaIfAny(info.mapping.group, info.mapping.version);
  const original = originalOf(current) ?? {};
  if (isBuiltIn(info.mapping.group))
    return { patch: threeWayStrategic(original, modified, current, info.mapping.kind), type: patchTypes.strategic };
  return { patch: threeWayMerge(original, modified, current), type: patchTypes.merge };
}

/** Patches, again after conflicts; with `--force` deletes and creates where it cannot be patched. Source: kubectl pkg/cmd/apply/patcher.go. */
export async function applyOnto(
  cli: Cli,
  info: Info,
  manifest: JsonObject,
  live: JsonObject,
  query: Query,
): Promise<PatchOutcome> {
  const path = pathOf(info.mapping, info.namespace, info.name);
  let current = live;
  let patch: JsonObject = {};
  for (let attempt = 0; ; attempt++) {
    const made = await applyPatchOf(cli, info, withConfiguration(manifest), current, cli.flags.bool('openapi-patch'));
    patch = made.patch;
    if (Object.keys(patch).length === 0) return { patch, object: current };
    try {
      const object = await cli.factory.client.json('PATCH', path, { body: patch, contentType: made.type, query });
      return { patch, object };
    } catch (reason) {
      if (isStatus(reason, 'Conflict') && attempt < retries) {
        if (attempt > patient) await cli.process.sleep(1000);
        const fresh = await fetchInfo(cli, info);
        current = fresh.object ?? {};
        continue;
      }
      if ((isStatus(reason, 'Conflict') || isStatus(reason, 'Invalid')) && cli.flags.bool('force'))
        return { patch, object: await recreate(cli, info, manifest, query) };
      throw withSource(`applying patch:\n${compactJson(patch)}\nto:\n${infoText(info)}\nfor:`, info.source, reason);
    }
  }
}

async function recreate(cli: Cli, info: Info, manifest: JsonObject, query: Query): Promise<JsonObject> {
  const { client } = cli.factory;
  const path = pathOf(info.mapping, info.namespace, info.name);
  await client.json('DELETE', path, {
    body: {
      kind: 'DeleteOptions',
      apiVersion: 'meta.k8s.io/v1',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Background',
    },
  });
  const timeout = cli.flags.number('timeout') || 0;
  const started = cli.process.clock.now;
  for (;;) {
    try {
      await client.get(path);
    } catch (reason) {
      if (isNotFound(reason)) break;
      throw reason;
    }
    if (timeout > 0 && cli.process.clock.now - started > timeout)
      throw new Failure('timed out waiting for the condition');
    await cli.process.sleep(1000);
  }
  return client.json('POST', pathOf(info.mapping, info.namespace), { body: withConfiguration(manifest), query });
}

/** resource.Info's String. */
export const infoText = ({ mapping, name, namespace }: Info): string => {
  const gv = `${mapping.group}/${mapping.version}`;
  return `Resource: "${gv}, Resource=${mapping.resource}", GroupVersionKind: "${gv}, Kind=${mapping.kind}"\nName: "${name}", Namespace: "${namespace}"`;
};

/** Without members that are null, as a manifest is created. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
