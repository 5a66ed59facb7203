import { at, flagged, isObject, list, number, object, text, type JsonObject } from '../../json';
import { canonical, parseQuantity } from '../../printers/quantity';
import { longTime, orNone, type DescribeWriter } from './writer';

/** Resources in the order of names. */
export function describeResources(w: DescribeWriter, resources: unknown, level: number): void {
  for (const [title, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const map = object(resources, field);
    const names = Object.keys(map).sort();
    if (names.length > 0) w.write(level, `${title}:\n`);
    for (const name of names) w.field(level + 1, name, canonical(text(map, name)));
  }
}

const portsText = (ports: readonly unknown[], field: string): string =>
  ports.map((port) => `${number(port, field)}/${text(port, 'protocol') || 'TCP'}`).join(', ');

function ports(w: DescribeWriter, container: JsonObject): void {
  const all = list(container, 'ports');
  for (const [word, field] of [
    ['Port', 'containerPort'],
    ['Host Port', 'hostPort'],
  ] as const) {
    const shown = portsText(all, field);
    if (shown.includes(',')) w.field(2, `${word}s`, shown);
    else w.field(2, word, orNone(shown));
  }
}

function words(w: DescribeWriter, title: string, all: readonly unknown[]): void {
  if (all.length === 0) return;
  w.write(2, `${title}:\n`);
  for (const word of all) for (const line of String(word).split('\n')) w.write(3, `${line}\n`);
}

function state(w: DescribeWriter, title: string, value: unknown): void {
  const running = at(value, 'running');
  const terminated = at(value, 'terminated');
  if (running !== undefined) {
    w.field(2, title, 'Running');
    w.field(3, 'Started', longTime(text(running, 'startedAt')));
  } else if (at(value, 'waiting') === undefined && terminated !== undefined) {
    w.field(2, title, 'Terminated');
    if (text(terminated, 'reason') !== '') w.field(3, 'Reason', text(terminated, 'reason'));
    if (text(terminated, 'message') !== '') w.field(3, 'Message', text(terminated, 'message'));
    w.field(3, 'Exit Code', number(terminated, 'exitCode'));
    if (number(terminated, 'signal') > 0) w.field(3, 'Signal', number(terminated, 'signal'));
    w.field(3, 'Started', longTime(text(terminated, 'startedAt')));
    w.field(3, 'Finished', longTime(text(terminated, 'finishedAt')));
  } else {
    w.field(2, title, 'Waiting');
    if (text(value, 'waiting', 'reason') !== '') w.field(3, 'Reason', text(value, 'waiting', 'reason'));
  }
}

const truth = (value: boolean): string => (value ? 'True' : 'False');

/** One probe in a line. */
export function probeText(probe: unknown): string {
  const attributes = `delay=${number(probe, 'initialDelaySeconds')}s timeout=${number(probe, 'timeoutSeconds')}s period=${number(probe, 'periodSeconds')}s #success=${number(probe, 'successThreshold')} #failure=${number(probe, 'failureThreshold')}`;
  if (at(probe, 'exec') !== undefined)
    return `exec [${list(probe, 'exec', 'command').map(String).join(' ')}] ${attributes}`;
  const http = at(probe, 'httpGet');
  if (http !== undefined) {
    const [scheme, host, port] = [text(http, 'scheme').toLowerCase(), text(http, 'host'), text(http, 'port')];
    const path = text(http, 'path');
    // url.URL's String writes a slash before a path that has none, and escapes.
    const escaped = encodeURI(path).replace(/\?/g, '%3F').replace(/#/g, '%23');
    const separator = path !== '' && !path.startsWith('/') ? '/' : '';
    return `http-get ${scheme === '' ? '' : `${scheme}:`}//${host}${port === '' ? '' : `:${port}`}${separator}${escaped} ${attributes}`;
  }
  const tcp = at(probe, 'tcpSocket');
  if (tcp !== undefined) return `tcp-socket ${text(tcp, 'host')}:${text(tcp, 'port')} ${attributes}`;
  const grpc = at(probe, 'grpc');
  if (grpc !== undefined) return `grpc <pod>:${text(grpc, 'port')} ${text(grpc, 'service')} ${attributes}`;
  return `unknown ${attributes}`;
}

/** EnvValueRetriever: kubectl knows no field labels of pods but what every object has. */
const fieldValue = (pod: JsonObject | undefined, path: string): string =>
  pod !== undefined && /^metadata\.(name|namespace)$/.test(path) ? text(pod, ...path.split('.')) : '';

/** A resource of the container, in units of the divisor, rounded up. */
export function resourceValue(ref: unknown, container: JsonObject): string {
  const resource = text(ref, 'resource');
  const given = parseQuantity(text(container, 'resources', ...splitResource(resource))) ?? 0;
  const divisor = parseQuantity(text(ref, 'divisor')) || 1;
  return String(Math.ceil(Number((given / divisor).toFixed(9))));
}

function splitResource(resource: string): readonly string[] {
  const dot = resource.indexOf('.');
  return [resource.slice(0, dot), resource.slice(dot + 1)];
}

function environment(w: DescribeWriter, container: JsonObject, pod: JsonObject | undefined): void {
  const env = list(container, 'env');
  w.write(2, `Environment:${env.length === 0 ? '\t<none>' : ''}\n`);
  for (const each of env) {
    const name = text(each, 'name');
    const from = at(each, 'valueFrom');
    if (from === undefined) {
      text(each, 'value')
        .split('\n')
        .forEach((line, index) => w.write(3, index === 0 ? `${name}:\t${line}\n` : `\t${line}\n`));
      continue;
    }
    const field = at(from, 'fieldRef');
    const resource = at(from, 'resourceFieldRef');
    if (field !== undefined) {
      const path = text(field, 'fieldPath');
      w.field(3, name, `${fieldValue(pod, path)} (${text(field, 'apiVersion')}:${path})`);
    } else if (resource !== undefined) {
      const what = text(resource, 'resource');
      const value = resourceValue(resource, container);
      const shown = value === '0' && (what === 'limits.cpu' || what === 'limits.memory') ? 'node allocatable' : value;
      w.field(3, name, `${shown} (${what})`);
    } else {
      for (const [ref, word] of [
        ['secretKeyRef', 'in secret'],
        ['configMapKeyRef', 'of config map'],
      ] as const) {
        const key = at(from, ref);
        if (key !== undefined)
          w.field(
            3,
            name,
            `<set to the key '${text(key, 'key')}' ${word} '${text(key, 'name')}'>\tOptional: ${flagged(key, 'optional')}`,
          );
      }
    }
  }
}

function environmentFrom(w: DescribeWriter, container: JsonObject): void {
  const all = list(container, 'envFrom');
  if (all.length === 0) return;
  w.write(2, 'Environment Variables from:\n');
  for (const each of all) {
    const isMap = at(each, 'configMapRef') !== undefined;
    const ref = isMap ? at(each, 'configMapRef') : at(each, 'secretRef');
    const kind = isMap ? 'ConfigMap' : ref === undefined ? '' : 'Secret';
    const prefix = text(each, 'prefix');
    const how = prefix === '' ? kind : `${kind} with prefix '${prefix}'`;
    w.write(3, `${text(ref, 'name')}\t${how}\tOptional: ${flagged(ref, 'optional')}\n`);
  }
}

function mounts(w: DescribeWriter, container: JsonObject): void {
  const all = list(container, 'volumeMounts').toSorted((a, b) =>
    text(a, 'mountPath') < text(b, 'mountPath') ? -1 : 1,
  );
  const none = all.length === 0 ? '\t<none>' : '';
  w.write(2, `Mounts:${none}\n`);
  for (const mount of all) {
    const sub = text(mount, 'subPath');
    const how = `${flagged(mount, 'readOnly') ? 'ro' : 'rw'}${sub === '' ? '' : `,path=${JSON.stringify(sub)}`}`;
    w.write(3, `${text(mount, 'mountPath')} from ${text(mount, 'name')} (${how})\n`);
  }
  const devices = list(container, 'volumeDevices').toSorted((a, b) =>
    text(a, 'devicePath') < text(b, 'devicePath') ? -1 : 1,
  );
  if (devices.length > 0) w.write(2, `Devices:${none}\n`);
  for (const device of devices) w.write(3, `${text(device, 'devicePath')} from ${text(device, 'name')}\n`);
}

export interface ContainerContext {
  readonly statuses?: readonly unknown[];
  /** For values of fields. */
  readonly pod?: JsonObject;
  readonly space?: string;
}

/** Containers with their states. Source: describe.go, describeContainers. */
export function describeContainers(
  w: DescribeWriter,
  label: string,
  containers: readonly unknown[],
  { statuses = [], pod, space = '' }: ContainerContext = {},
): void {
  w.write(0, `${space}${label}:${containers.length === 0 ? ' <none>' : ''}\n`);
  for (const container of containers.filter(isObject)) {
    const status = statuses.find((each) => text(each, 'name') === text(container, 'name'));
    w.write(1, `${space === '' ? '' : ' '}${text(container, 'name')}:\n`);
    if (status !== undefined) w.field(2, 'Container ID', text(status, 'containerID'));
    w.field(2, 'Image', text(container, 'image'));
    if (status !== undefined) w.field(2, 'Image ID', text(status, 'imageID'));
    ports(w, container);
    const seccomp = at(container, 'securityContext', 'seccompProfile');
    if (seccomp !== undefined) {
      w.field(2, 'SeccompProfile', text(seccomp, 'type'));
      if (text(seccomp, 'type') === 'Localhost') w.field(3, 'LocalhostProfile', text(seccomp, 'localhostProfile'));
    }
    words(w, 'Command', list(container, 'command'));
    words(w, 'Args', list(container, 'args'));
    if (status !== undefined) {
      state(w, 'State', at(status, 'state'));
      if (at(status, 'lastState', 'terminated') !== undefined) state(w, 'Last State', at(status, 'lastState'));
      w.field(2, 'Ready', truth(flagged(status, 'ready')));
      w.field(2, 'Restart Count', number(status, 'restartCount'));
    }
    describeResources(w, at(container, 'resources'), 2);
    for (const [title, field] of [
      ['Liveness', 'livenessProbe'],
      ['Readiness', 'readinessProbe'],
      ['Startup', 'startupProbe'],
    ] as const)
      if (at(container, field) !== undefined) w.field(2, title, probeText(at(container, field)));
    environmentFrom(w, container);
    environment(w, container, pod);
    mounts(w, container);
  }
}
