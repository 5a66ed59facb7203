import { expect, it } from 'vitest';
import { decodeProtobuf } from './decode';

/** A message of fields: numbers are varints, strings and bytes are length-delimited. */
const message = (...fields: readonly (readonly [number, number | string | Uint8Array])[]): Uint8Array =>
  Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.from([number << 3, value]);
      const bytes = Buffer.from(value as string);
      return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
    }),
  );
const envelope = (apiVersion: string, kind: string, raw: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('k8s\0'), message([1, message([1, apiVersion], [2, kind])], [2, raw])]);

it('decodes what a typed client sends, as Go would write it in JSON', () => {
  const meta = message(
    [1, 'web'],
    [2, ''],
    [3, ''],
    [7, 0],
    [8, message([1, 0])],
    [11, message([1, 'app'], [2, 'web'])],
  );
  const port = message([1, 'http'], [2, 'TCP'], [3, 80], [4, message([1, 1], [2, 0], [3, 'web'])], [5, 0]);
  const port2 = message([3, 81], [4, message([1, 0], [2, 90])]);
  const service = message([1, meta], [2, message([1, port], [1, port2], [4, 'ClusterIP'], [3, ''])]);
  expect(decodeProtobuf(envelope('v1', 'Service', service))).toEqual({
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: 'web', creationTimestamp: '1970-01-01T00:00:00Z', labels: { app: 'web' } },
    spec: {
      ports: [
        { name: 'http', protocol: 'TCP', port: 80, targetPort: 'web' },
        { port: 81, targetPort: 90 },
      ],
      type: 'ClusterIP',
    },
  });
});

it('knows bytes, quantities, inlined structs, and zeros that somebody set', () => {
  const secret = message([2, message([1, 'a'], [2, 'b'])], [3, 'Opaque']);
  expect(decodeProtobuf(envelope('v1', 'Secret', secret))).toMatchObject({ data: { a: 'Yg==' }, type: 'Opaque' });
  const scale = message([2, message([1, 0])]);
  expect(decodeProtobuf(envelope('apps/v1', 'Deployment', scale))).toMatchObject({ spec: { replicas: 0 } });
  const probe = message([1, message([2, message([1, '/'])])], [2, 0]);
  const resources = message([1, message([1, 'cpu'], [2, message([1, '100m'])])]);
  const pod = message([2, message([2, message([1, 'c'], [8, resources], [10, probe])])]);
  expect(decodeProtobuf(envelope('v1', 'Pod', pod))).toMatchObject({
    spec: {
      containers: [{ name: 'c', resources: { limits: { cpu: '100m' } }, livenessProbe: { httpGet: { path: '/' } } }],
    },
  });
});

it('refuses what it does not know', () => {
  expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow('not a protobuf message of Kubernetes');
  expect(() => decodeProtobuf(envelope('v1', 'Nothing', new Uint8Array()))).toThrow('no kind "Nothing"');
});

it('a time that nobody set is null, not an empty object', () => {
  // What kubectl create token robot --duration=5m sends.
  const body =
    '6b3873000a280a1861757468656e7469636174696f6e2e6b38732e696f2f7631120c546f6b656e52657175657374121d0a100a0012001a0022002a00320038004200120320ac021a040a0012001a002200';
  expect(decodeProtobuf(Buffer.from(body, 'hex'))).toEqual({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    spec: { expirationSeconds: 300 },
    status: { token: '', expirationTimestamp: null },
  });
});
