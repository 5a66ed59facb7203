import type { Cli } from '../../cli';
import { Failure, isStatus } from '../../errors';
import { at, namespaceOf, nameOfObject, text, type JsonObject } from '../../json';
import { lastApplied } from '../../manifest/last-applied';
import { ownersOf, upgradePatch } from '../../manifest/managed-fields';
import type { Info } from '../../resource/info';
import { apiVersionOf } from '../../resource/mapper';
import { patchTypes, type Query } from '../../rest/client';

const retries = 5;
const annotationPath = ['metadata', 'annotations', lastApplied];
/** Only under its own name does the server keep the annotation up to date. */
const defaultManager = 'kubectl';
const annotationManager = 'kubectl-last-applied';
const harmless = 'This is non-fatal and will be retried next time you apply.';

/** Where and how one object is applied. */
export interface Applying {
  readonly info: Info;
  readonly path: string;
  readonly manager: string;
  readonly query: Query;
  /** Sends the same configuration once more. */
  again(): Promise<JsonObject>;
}

/** The annotation of client-side apply gets a manager of its own, else the server would drop it. */
async function keepAnnotation(cli: Cli, applying: Applying, object: JsonObject): Promise<JsonObject> {
  const annotation = at(object, ...annotationPath);
  if (applying.manager !== defaultManager || annotation === undefined) return object;
  if (ownersOf(object, 'Apply', annotationPath).length > 0) return object;
  const { mapping } = applying.info;
  return cli.factory.client.json('PATCH', applying.path, {
    body: {
      apiVersion: apiVersionOf(mapping),
      kind: mapping.kind,
      metadata: {
        annotations: { [lastApplied]: text(object, ...annotationPath) },
        name: nameOfObject(object),
        ...(namespaceOf(object) === '' ? {} : { namespace: namespaceOf(object) }),
      },
    },
    contentType: patchTypes.apply,
    query: { ...applying.query, fieldManager: annotationManager },
  });
}

/** Whether fields changed hands. */
async function takeOver(cli: Cli, applying: Applying, object: JsonObject): Promise<boolean> {
  const managers = new Set(ownersOf(object, 'Update', annotationPath));
  let current = object;
  for (let attempt = 0; ; attempt++) {
    const body = upgradePatch(current, managers, applying.manager);
    if (body === undefined) return false;
    try {
      await cli.factory.client.json('PATCH', applying.path, {
        body,
        contentType: patchTypes.json,
        query: applying.query,
      });
      return true;
    } catch (reason) {
      if (!isStatus(reason, 'Conflict') || attempt + 1 >= retries) throw reason;
      current = await cli.factory.client.get(applying.path);
    }
  }
}

/**
 * What client-side apply owned becomes owned by server-side apply, so that it can be taken away again. Failures are
 * only told. Source: kubectl pkg/cmd/apply/apply.go.
 */
export async function migrate(cli: Cli, applying: Applying, applied: JsonObject): Promise<JsonObject> {
  let object = applied;
  let warning = 'failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply';
  try {
    object = await keepAnnotation(cli, applying, object);
    warning = 'server rejected managed fields migration to Server-Side Apply';
    if (!(await takeOver(cli, applying, object))) return object;
    warning = 'failed to re-apply configuration after performing Server-Side Apply migration';
    return await applying.again();
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    await cli.err(`Warning: ${warning}. ${harmless} Error: ${reason.message}\n`);
    return object;
  }
}
