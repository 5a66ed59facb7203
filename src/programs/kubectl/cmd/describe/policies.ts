import { at, list, text, type JsonObject } from '../../json';
import { labelSelectorText } from '../../resource/pods';
import { formatLabels, plain, quiet } from './context';
import { conditionRows } from './conditions';
import { head, longTime, orNone, type DescribeWriter } from './writer';

const selectorText = (selector: unknown): string => orNone(labelSelectorText(selector));

const indent = '    ';

export const describeNetworkPolicy = quiet((w, policy) => {
  const spec = at(policy, 'spec');
  w.field(0, 'Name', text(policy, 'metadata', 'name'));
  w.field(0, 'Namespace', text(policy, 'metadata', 'namespace'));
  w.field(0, 'Created on', goTime(text(policy, 'metadata', 'creationTimestamp')));
  head(w, policy, { named: false });
  const types = list(spec, 'policyTypes').map(String);
  const pods = labelSelectorText(at(spec, 'podSelector'));
  w.write(0, 'Spec:\n');
  const all = '<none> (Allowing the specific traffic to all pods in this namespace)';
  w.write(1, 'PodSelector: ');
  w.write(2, `${pods === '' ? all : pods}\n`);
  for (const [direction, field, peers, word, elsewhere] of [
    ['ingress', 'ingress', 'from', 'From', 'source'],
    ['egress', 'egress', 'to', 'To', 'destination'],
  ] as const) {
    if (!types.some((type) => type.toLowerCase() === direction)) {
      w.write(1, `Not affecting ${direction} traffic\n`);
      continue;
    }
    w.write(1, `Allowing ${direction} traffic:\n`);
    const rules = list(spec, field);
    if (rules.length === 0) w.write(0, `${indent}<none> (Selected pods are isolated for ${direction} connectivity)\n`);
    rules.forEach((rule, index) => {
      ports(w, list(rule, 'ports'));
      const others = list(rule, peers);
      if (others.length === 0) w.write(0, `${indent}${word}: <any> (traffic not restricted by ${elsewhere})\n`);
      for (const other of others) {
        w.write(0, `${indent}${word}:\n`);
        peer(w, other);
      }
      if (index < rules.length - 1) w.write(0, `${indent}----------\n`);
    });
  }
  w.write(1, `Policy Types: ${orNone(types.join(', '))}\n`);
});

/** metav1.Time's String in UTC. */
const goTime = (time: string): string => `${time.replace('T', ' ').replace('Z', '')} +0000 UTC`;

function ports(w: DescribeWriter, all: readonly unknown[]): void {
  if (all.length === 0) w.write(0, `${indent}To Port: <any> (traffic allowed to all ports)\n`);
  for (const port of all) {
    const protocol = text(port, 'protocol') || 'TCP';
    const end = text(port, 'endPort');
    const shown = text(port, 'port') || '<nil>';
    w.write(0, `${indent}${end === '' ? `To Port: ${shown}` : `To Port Range: ${shown}-${end}`}/${protocol}\n`);
  }
}

function peer(w: DescribeWriter, other: unknown): void {
  const [pods, namespaces, block] = [at(other, 'podSelector'), at(other, 'namespaceSelector'), at(other, 'ipBlock')];
  if (namespaces !== undefined) w.write(1, `${indent}NamespaceSelector: ${selectorText(namespaces)}\n`);
  if (pods !== undefined) w.write(1, `${indent}PodSelector: ${selectorText(pods)}\n`);
  if (pods !== undefined || namespaces !== undefined || block === undefined) return;
  w.write(1, `${indent}IPBlock:\n`);
  w.write(2, `${indent}CIDR: ${text(block, 'cidr')}\n`);
  w.write(2, `${indent}Except: ${list(block, 'except').map(String).join(', ')}\n`);
}

export const describeBudget = plain((w, budget) => {
  const [spec, status] = [at(budget, 'spec'), at(budget, 'status')];
  w.field(0, 'Name', text(budget, 'metadata', 'name'));
  w.field(0, 'Namespace', text(budget, 'metadata', 'namespace'));
  if (at(spec, 'minAvailable') !== undefined) w.field(0, 'Min available', text(spec, 'minAvailable'));
  else if (at(spec, 'maxUnavailable') !== undefined) w.field(0, 'Max unavailable', text(spec, 'maxUnavailable'));
  const selector = at(spec, 'selector');
  w.field(0, 'Selector', selector === undefined ? '<unset>' : selectorText(selector));
  w.write(0, 'Status:\n');
  w.field(2, 'Allowed disruptions', text(status, 'disruptionsAllowed') || '0');
  w.field(2, 'Current', text(status, 'currentHealthy') || '0');
  w.field(2, 'Desired', text(status, 'desiredHealthy') || '0');
  w.field(2, 'Total', text(status, 'expectedPods') || '0');
});

export const describePriorityClass = plain((w, priority) => {
  w.field(0, 'Name', text(priority, 'metadata', 'name'));
  w.field(0, 'Value', text(priority, 'value') || '0');
  w.field(0, 'GlobalDefault', text(priority, 'globalDefault') || 'false');
  w.field(0, 'PreemptionPolicy', text(priority, 'preemptionPolicy'));
  w.field(0, 'Description', text(priority, 'description'));
  w.field(0, 'Annotations', formatLabels(priority, 'metadata', 'annotations'));
});

export const describeServiceCidr = plain((w, cidr) => {
  head(w, cidr, { namespaced: false });
  w.field(0, 'CIDRs', list(cidr, 'spec', 'cidrs').map(String).join(', '));
  if (list(cidr, 'status', 'conditions').length === 0) return;
  w.write(0, 'Status:\n');
  conditionRows(w, cidr);
});

export const describeIpAddress = plain((w, address) => {
  head(w, address, { namespaced: false });
  const parent = at(address, 'spec', 'parentRef');
  if (parent === undefined) return;
  w.write(0, 'Parent Reference:\n');
  for (const [title, field] of [
    ['Group', 'group'],
    ['Resource', 'resource'],
    ['Namespace', 'namespace'],
    ['Name', 'name'],
  ] as const)
    w.field(1, title, text(parent, field));
});

interface Metric {
  readonly metric: unknown;
  readonly current: unknown;
}

const quoted = (word: string): string => JSON.stringify(word);

/** autoscaling/v2. */
export const describeAutoscaler = plain((w, hpa) => {
  const [spec, status] = [at(hpa, 'spec'), at(hpa, 'status')];
  const target = `${text(spec, 'scaleTargetRef', 'kind')}/${text(spec, 'scaleTargetRef', 'name')}`;
  head(w, hpa);
  w.field(0, 'CreationTimestamp', longTime(text(hpa, 'metadata', 'creationTimestamp')));
  w.field(0, 'Reference', target);
  w.write(0, 'Metrics:\t( current / target )\n');
  list(spec, 'metrics').forEach((metric, index) => {
    metricLine(w, { metric, current: at(status, 'currentMetrics', index) });
  });
  w.field(0, 'Min replicas', text(spec, 'minReplicas') || '<unset>');
  w.field(0, 'Max replicas', text(spec, 'maxReplicas') || '0');
  const behavior = at(spec, 'behavior');
  if (behavior !== undefined) {
    w.write(0, 'Behavior:\n');
    direction(w, 'Scale Up', at(behavior, 'scaleUp'));
    direction(w, 'Scale Down', at(behavior, 'scaleDown'));
  }
  const replicas = `${text(status, 'currentReplicas') || '0'} current / ${text(status, 'desiredReplicas') || '0'} desired`;
  w.field(0, `${text(spec, 'scaleTargetRef', 'kind')} pods`, replicas);
  const conditions = list(status, 'conditions');
  if (conditions.length === 0) return;
  w.write(0, 'Conditions:\n');
  w.write(1, 'Type\tStatus\tReason\tMessage\n');
  w.write(1, '----\t------\t------\t-------\n');
  for (const each of conditions)
    w.write(1, `${text(each, 'type')}\t${text(each, 'status')}\t${text(each, 'reason')}\t${text(each, 'message')}\n`);
});

/** One metric: what it is now, what it is to be. */
function metricLine(w: DescribeWriter, { metric, current }: Metric): void {
  const type = text(metric, 'type');
  const field = type.charAt(0).toLowerCase() + type.slice(1);
  const [source, now] = [at(metric, field), at(current, field)];
  const value = (name: string): string => (now === undefined ? '' : text(now, 'current', name)) || '<unknown>';
  const wanted = (name: string): string => text(source, 'target', name);
  const name = text(source, 'metric', 'name');
  switch (type) {
    case 'External': {
      const how = wanted('averageValue') === '' ? 'value' : 'averageValue';
      const words = how === 'value' ? 'target value' : 'target average value';
      w.field(1, `${quoted(name)} (${words})`, `${value(how)} / ${wanted(how)}`);
      return;
    }
    case 'Pods':
      w.field(1, `${quoted(name)} on pods`, `${value('averageValue')} / ${wanted('averageValue')}`);
      return;
    case 'Object': {
      const on = `${text(source, 'describedObject', 'kind')}/${text(source, 'describedObject', 'name')}`;
      const average = wanted('type') === 'AverageValue';
      const how = average ? 'averageValue' : 'value';
      w.field(1, `"${name}" on ${on} (target ${average ? 'average ' : ''}value)`, `${value(how)} / ${wanted(how)}`);
      return;
    }
    case 'Resource':
    case 'ContainerResource': {
      const container = text(source, 'container');
      const of = container === '' ? '' : ` of container "${container}"`;
      w.write(1, `resource ${text(source, 'name')}${of} on pods`);
      if (wanted('averageValue') !== '') {
        w.write(0, `:\t${value('averageValue')} / ${wanted('averageValue')}\n`);
        return;
      }
      const utilization = text(now, 'current', 'averageUtilization');
      const shown = utilization === '' ? '<unknown>' : `${utilization}% (${text(now, 'current', 'averageValue')})`;
      const goal = wanted('averageUtilization');
      w.write(1, `(as a percentage of request):\t${shown} / ${goal === '' ? '<auto>' : `${goal}%`}\n`);
      return;
    }
    default:
      w.write(1, `<unknown metric type ${quoted(type)}>\n`);
  }
}

function direction(w: DescribeWriter, title: string, rules: JsonObject | unknown): void {
  if (rules === undefined) return;
  w.write(1, `${title}:\n`);
  const window = text(rules, 'stabilizationWindowSeconds');
  if (window !== '') w.write(2, `Stabilization Window: ${window} seconds\n`);
  const policies = list(rules, 'policies');
  if (policies.length === 0) return;
  w.write(2, `Select Policy: ${text(rules, 'selectPolicy') || 'Max'}\n`);
  w.write(2, 'Policies:\n');
  for (const policy of policies)
    w.write(
      3,
      `- Type: ${text(policy, 'type')}\tValue: ${text(policy, 'value')}\tPeriod: ${text(policy, 'periodSeconds')} seconds\n`,
    );
}
