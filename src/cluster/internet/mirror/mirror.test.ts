import { existsSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { describe, expect, test } from 'vitest';
import { decode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { addressesOf } from '../names';
import { examples } from './manifests/examples';
import { pageOf } from './mirror';
import type { Page } from './page';

/** Asks as curl -L does. */
async function get(url: string): Promise<Page | undefined> {
  let at = url;
  for (let hops = 0; hops < 8; hops++) {
    const [, scheme = '', host = '', path = ''] = /^(https?):\/\/([^/?]+)(.*)$/.exec(at) ?? [];
    if (addressesOf(host) === undefined) return undefined;
    const request = { method: 'GET', url: path === '' ? '/' : path, headers: new Headers(), body: noBytes };
    const page = await pageOf({ scheme: scheme === 'http' ? 'http' : 'https', host, request });
    const location = page.headers?.['Location'];
    if (location === undefined) return page;
    at = location;
  }
  throw new Error(`too many redirects from ${url}`);
}

const text = async (url: string): Promise<string> => {
  const body = (await get(url))?.body ?? '';
  return typeof body === 'string' ? body : decode(body);
};

describe('the mirror', () => {
  test('follows the ways of the real sites', async () => {
    expect(await text('https://k8s.io/examples/application/nginx-app.yaml')).toContain('kind: Deployment');
    expect(await text('https://dl.k8s.io/release/stable.txt')).toMatch(/^v1\.33\.\d+$/);
    expect(
      await text('https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml'),
    ).toContain('kind: APIService');
    expect((await get('https://raw.githubusercontent.com/nobody/nothing/main/x.yaml'))?.status).toBe(404);
    expect(await get('https://foo.example/')).toBeUndefined();
  });

  test('serves manifests that parse, each object with kind and name', async () => {
    const urls = [
      'https://github.com/cert-manager/cert-manager/releases/download/v1.13.2/cert-manager.yaml',
      'https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.2.0/standard-install.yaml',
      'https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml',
      'https://raw.githubusercontent.com/metallb/metallb/v0.14.5/config/manifests/metallb-native.yaml',
      'https://raw.githubusercontent.com/kubernetes/ingress-nginx/controller-v1.8.1/deploy/static/provider/cloud/deploy.yaml',
      'https://raw.githubusercontent.com/rancher/local-path-provisioner/master/deploy/local-path-storage.yaml',
      'https://raw.githubusercontent.com/projectcalico/calico/v3.26.3/manifests/calico.yaml',
      'https://raw.githubusercontent.com/istio/istio/release-1.24/samples/bookinfo/platform/kube/bookinfo.yaml',
      'https://raw.githubusercontent.com/argoproj/argo-cd/stable/manifests/install.yaml',
      ...Object.keys(examples).map((path) => `https://kubernetes.io/examples/${path}`),
    ];
    for (const url of urls) {
      const documents = parseAllDocuments(await text(url)) as { errors: unknown[]; toJS(): unknown }[];
      expect(documents.length, url).toBeGreaterThan(0);
      for (const document of documents) {
        expect(document.errors, url).toEqual([]);
        expect(document.toJS(), url).toMatchObject({
          kind: expect.any(String) as string,
          metadata: { name: expect.any(String) as string },
        });
      }
    }
  });

  const fixtures = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/corpus/frequency/url_fixtures.csv`;
  test.skipIf(!existsSync(fixtures))('answers four fifths of what learners fetch', async () => {
    let [all, answered] = [0, 0];
    const missing: string[] = [];
    for (const line of readFileSync(fixtures, 'utf8').trim().split(/\r?\n/).slice(1)) {
      const [, tool = '', pattern = '', weight = '0'] = /^(\w+):(.*),(\d+)$/.exec(line) ?? [];
      // Addresses of the learner's own lab are none of the internet's.
      if (
        tool === 'helm' ||
        !/^https?:\/\/[\w-]+(\.[\w-]+)+(\/|$)/.test(pattern) ||
        /KATACODA|\.(default|pluto|[\w-]+-(ns|demo|svc|permissive|strict|level))(:|\/|$)/.test(pattern)
      )
        continue;
      const url = pattern
        .replace(/\$\{?\w+\}?|\$\(\w+/g, '1.0.0')
        .replace('releases/*/download', 'releases/latest/download')
        .replace(/\*/g, 'v1.0.0');
      all += Number(weight);
      const page = await get(url);
      if (page?.status === 200) answered += Number(weight);
      else missing.push(`${weight} ${pattern}`);
    }
    if (process.env['SHOW'] !== undefined) console.log(missing.join('\n'), answered, all);
    expect(answered / all).toBeGreaterThan(0.8);
  });
});
