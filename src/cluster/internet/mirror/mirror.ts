import { api, codeload, gist, github, raw, releaseAsset } from './github';
import { example } from './manifests/examples';
import * as operators from './manifests/operators';
import { missing, redirect, text, type Asked, type Page } from './page';
import { rules } from './sites';

const notFound: Page = {
  status: 404,
  type: 'text/html; charset=utf-8',
  body: "<!DOCTYPE html>\n<html>\n<head><title>404 Not Found</title></head>\n<body><h1>Not Found</h1><p>The lab's mirror does not have this page.</p></body>\n</html>\n",
};

const hosts: Readonly<Record<string, (asked: Asked) => Page | Promise<Page>>> = {
  'github.com': github,
  'api.github.com': api,
  'codeload.github.com': codeload,
  'registry.npmjs.org': async (asked) => (await import('./npm-registry')).npmRegistry(asked),
  'raw.githubusercontent.com': raw,
  'gist.githubusercontent.com': gist,
  'release-assets.githubusercontent.com': releaseAsset,
  'objects.githubusercontent.com': releaseAsset,
  'kubernetes.io': ({ request }) => {
    const found = /^\/(?:docs\/)?examples\/(.+)$/.exec(request.url);
    const content = found === null ? undefined : example(found[1] ?? '');
    return content === undefined ? notFound : text(content);
  },
  'docs.projectcalico.org': ({ request }) =>
    /calico.*\.yaml$/.test(request.url) ? text(operators.calico('v3.31.0')) : notFound,
  'projectcalico.docs.tigera.io': ({ request }) =>
    /calico.*\.yaml$/.test(request.url) ? text(operators.calico('v3.31.0')) : notFound,
  'cloud.weave.works': ({ request }) => (request.url.startsWith('/k8s/') ? text(operators.weave()) : notFound),
  'litmuschaos.github.io': ({ request }) =>
    /\.yaml$/.test(request.url)
      ? text(
          operators.operator(
            'litmus',
            'litmus',
            operators.customKinds('litmuschaos.io', 'v1alpha1', 'ChaosEngine ChaosExperiment ChaosResult'),
          ),
        )
      : notFound,
};

/** Sites that send who comes by plain HTTP away to HTTPS. */
const secure =
  /(^|\.)(github(usercontent)?\.com|k8s\.io|kubernetes\.io|helm\.sh|go\.dev|golang\.org|docker\.com|istio\.io)$/;

/** The page that a request gets; the mirror's own words where there is none. */
export async function pageOf(asked: Asked): Promise<Page> {
  const { scheme, host, request } = asked;
  if (scheme === 'http' && secure.test(host)) return redirect(`https://${host}${request.url}`, 301);
  const site = hosts[host];
  if (site !== undefined) {
    const page = await site(asked);
    if (page !== notFound) return page;
  }
  for (const rule of rules) {
    if (rule.host !== host) continue;
    const found = rule.path.exec(request.url);
    if (found !== null) return rule.page(found, asked);
  }
  return site === undefined ? notFound : host.endsWith('githubusercontent.com') ? missing : notFound;
}
