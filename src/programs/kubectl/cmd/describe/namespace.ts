import { list, object, text, texts, type JsonObject } from '../../json';
import { canonical, formatOf, formatQuantity, parseQuantity } from '../../printers/quantity';
import { quiet, type Describing } from './context';
import { conditionRows } from './conditions';
import { DescribeWriter, head } from './writer';

const limitFields = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'] as const;

function limitRows(w: DescribeWriter, range: JsonObject, prefix: string): void {
  for (const limit of list(range, 'spec', 'limits')) {
    // Go's map order is not defined; ours is by name.
    const names = new Set(limitFields.flatMap((field) => Object.keys(object(limit, field))));
    for (const name of [...names].sort()) {
      const cells = limitFields.map((field) => {
        const value = text(limit, field, name);
        return value === '' ? '-' : canonical(value);
      });
      w.write(0, `${prefix}${text(limit, 'type')}\t${name}\t${cells.join('\t')}\n`);
    }
  }
}

const limitHead = (prefix: string): string =>
  `${prefix}Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n`;
const limitRule = (prefix: string): string =>
  `${prefix}----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n`;

export const describeLimitRange = quiet((w, range) => {
  w.field(0, 'Name', text(range, 'metadata', 'name'));
  w.field(0, 'Namespace', text(range, 'metadata', 'namespace'));
  w.write(0, limitHead('') + limitRule(''));
  limitRows(w, range, '');
});

// These sentences are printed by kubectl; they are part of its output.
const scopeHelp: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function scopes(w: DescribeWriter, quota: JsonObject, level: number, bullet: string): void {
  const all = list(quota, 'spec', 'scopes').map(String).sort();
  if (all.length === 0) return;
  w.field(level, 'Scopes', all.join(', '));
  for (const scope of all) {
    const help = scopeHelp[scope];
    if (help !== undefined) w.write(level, `${bullet} ${help}\n`);
  }
}

/** Used and hard as they are written; a use is written in the format of its limit. */
function usage(quota: JsonObject, name: string, sameFormat: boolean): readonly [string, string] {
  const [hard, used] = [text(quota, 'status', 'hard', name), text(quota, 'status', 'used', name) || '0'];
  const format = formatOf(hard);
  const shown =
    sameFormat && formatOf(used) !== format
      ? formatQuantity(Math.ceil(parseQuantity(used) ?? 0), format)
      : canonical(used);
  return [shown, canonical(hard)];
}

const quotaNames = (quota: JsonObject): readonly string[] => Object.keys(texts(quota, 'status', 'hard')).sort();

export const describeQuota = quiet((w, quota) => {
  w.field(0, 'Name', text(quota, 'metadata', 'name'));
  w.field(0, 'Namespace', text(quota, 'metadata', 'namespace'));
  scopes(w, quota, 0, ' *');
  w.write(0, 'Resource\tUsed\tHard\n');
  w.write(0, '--------\t----\t----\n');
  for (const name of quotaNames(quota)) w.write(0, `${name}\t${usage(quota, name, true).join('\t')}\n`);
});

/** A namespace with its quotas and limits. */
export async function describeNamespace(d: Describing, namespace: JsonObject): Promise<string> {
  const quotas = await d.listIfThere(`/api/v1/namespaces/${d.name}/resourcequotas`);
  const ranges = await d.listIfThere(`/api/v1/namespaces/${d.name}/limitranges`);
  const w = new DescribeWriter();
  head(w, namespace, { namespaced: false });
  w.field(0, 'Status', text(namespace, 'status', 'phase'));
  conditionRows(w, namespace);
  if (quotas !== undefined) {
    w.write(0, '\n');
    quotaTable(w, quotas);
  }
  if (ranges !== undefined) {
    w.write(0, '\n');
    if (ranges.length === 0) w.write(0, 'No LimitRange resource.\n');
    else w.write(0, `Resource Limits\n${limitHead(' ')}${limitRule(' ')}`);
    for (const range of ranges) limitRows(w, range, ' ');
  }
  return w.text;
}

function quotaTable(w: DescribeWriter, quotas: readonly JsonObject[]): void {
  if (quotas.length === 0) {
    w.write(0, 'No resource quota.\n');
    return;
  }
  w.write(0, 'Resource Quotas\n');
  const name = (quota: JsonObject): string => text(quota, 'metadata', 'name');
  for (const quota of quotas.toSorted((a, b) => (name(a) < name(b) ? -1 : 1))) {
    w.field(1, 'Name', name(quota));
    scopes(w, quota, 1, '*');
    w.write(1, 'Resource\tUsed\tHard\n');
    w.write(1, '--------\t---\t---\n');
    for (const resource of quotaNames(quota)) w.write(1, `${resource}\t${usage(quota, resource, false).join('\t')}\n`);
  }
}
