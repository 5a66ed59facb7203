import { gzip, tar } from './archives';
import { release } from './binaries';
import { missing, redirect, file, html, json, text, type Asked, type Page } from './page';
import { projectOf } from './projects';
import { rawFile } from './raw';
import { encode } from '../../../linux/io/bytes';

const notFound: Page = { status: 404, body: 'Not Found' };

/** Accounts whose repositories of exercises have manifests in the mirror. */
const owners =
  /^(djkormo|killercoda|katacoda|Piotr1215|chadmcrowell|kubernetes-up-and-running|atul-ram|yy158775|javajon|portainer|nirgeier|killer-sh|EOEPCA|Azure-Samples|nginxinc|docker|dockersamples|GoogleCloudPlatform|aghilish|kubeskills|iterative|moby|elastic|open-feature|FairwindsOps|openfaas|heptiolabs|percona|cloudnative-pg|christian-kreuzberger-dtx|krkn-chaos|open-cluster-management-io|modelcontextprotocol|ohmyzsh|nvm-sh|jonmosco|aws|fluent|google|bitly|litmuschaos)$/;

/** github.com. */
export async function github({ request, fs }: Asked): Promise<Page> {
  const [path = ''] = request.url.split('?');
  const [, owner = '', name = '', rest = ''] =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/.*)?$/.exec(decodeURIComponent(path)) ?? [];
  if (owner === '')
    return path === '/' ? html('<!DOCTYPE html>\n<html><head><title>GitHub</title></head></html>\n') : notFound;
  const repository = `${owner}/${name}`;
  const exists = owners.test(owner) || projectOf(repository) !== undefined || /^(kubernetes|docker)$/.test(owner);
  if (fs !== undefined && /^\/(info\/refs|git-upload-pack|git-receive-pack)/.test(rest)) {
    return (await import('./git-server')).serveGit(fs, request, repository, rest, exists);
  }
  const latest = /^\/releases\/latest\/download\/(.+)$/.exec(rest);
  const version = projectOf(repository)?.version;
  if (latest !== null) {
    return version === undefined
      ? notFound
      : redirect(`https://github.com/${repository}/releases/download/${version}/${latest[1]}`);
  }
  if (/^\/releases\/latest$/.test(rest)) {
    return version === undefined ? notFound : redirect(`https://github.com/${repository}/releases/tag/${version}`);
  }
  const download = /^\/releases\/(?:download|[^/]+\/download)\/(.+)$/.exec(rest);
  if (download !== null) {
    if (version === undefined) return notFound;
    return redirect(`https://release-assets.githubusercontent.com/${repository}/${download[1]}`);
  }
  const raw = /^\/(?:raw|blob)\/(.+)$/.exec(rest);
  if (raw !== null) {
    return rest.startsWith('/blob') && !request.url.includes('raw=true')
      ? html(`<!DOCTYPE html>\n<html><head><title>${repository}</title></head></html>\n`)
      : redirect(`https://raw.githubusercontent.com/${repository}/${raw[1]}`);
  }
  const archive = /^\/(?:tarball|archive)\/(.+?)(?:\.tar\.gz)?$/.exec(rest);
  if (archive !== null) return redirect(`https://codeload.github.com/${repository}/legacy.tar.gz/${archive[1]}`);
  if (version === undefined && !owners.test(owner)) return notFound;
  return html(`<!DOCTYPE html>\n<html><head><title>GitHub - ${repository}</title></head></html>\n`);
}

/** Where github.com sends who downloads a release. */
export async function releaseAsset({ request }: Asked): Promise<Page> {
  const [path = ''] = request.url.split('?');
  const [, repository = '', version = '', name = ''] =
    /^\/([^/]+\/[^/]+)\/(.+)\/([^/]+)$/.exec(decodeURIComponent(path)) ?? [];
  const project = projectOf(repository);
  if (project === undefined) return notFound;
  if (/\.ya?ml$/.test(name)) return (await rawFile(repository, version, name)) ?? notFound;
  return release(name, project.program, version);
}

/** raw.githubusercontent.com: `/owner/repo/ref/path`. */
export async function raw({ request }: Asked): Promise<Page> {
  const [path = ''] = request.url.split('?');
  const [, repository = '', ref = '', rest = ''] =
    /^\/([^/]+\/[^/]+)\/(refs\/(?:heads|tags)\/[^/]+|release-[^/]+|[^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
  return repository === '' ? missing : ((await rawFile(repository, ref, rest)) ?? missing);
}

/** gist.githubusercontent.com: what is there by the file's name. */
export async function gist({ request }: Asked): Promise<Page> {
  const name =
    decodeURIComponent(request.url.split('?')[0] ?? '')
      .split('/')
      .at(-1) ?? '';
  return (await rawFile('gist/gist', 'main', name)) ?? missing;
}

/** codeload.github.com: a repository as an archive. */
export function codeload({ request }: Asked): Page {
  const [, owner = '', name = '', ref = ''] =
    /^\/([^/]+)\/([^/]+)\/(?:legacy\.)?tar\.gz\/(?:refs\/\w+\/)?(.+)$/.exec(request.url) ?? [];
  if (owner === '' || (!owners.test(owner) && projectOf(`${owner}/${name}`) === undefined)) return notFound;
  const folder = `${owner}-${name}-${ref.replace(/\W/g, '')}`;
  const readme = encode(`# ${name}\n\nA stand-in of the lab's mirror for ${owner}/${name}.\n`);
  return file(
    gzip(
      tar(
        [
          { name: `${folder}/`, bytes: new Uint8Array(0) },
          { name: `${folder}/README.md`, bytes: readme },
        ],
        1_767_225_600,
      ),
    ),
  );
}

/** api.github.com. */
export function api({ request }: Asked): Page {
  const [path = ''] = request.url.split('?');
  const [, owner = '', name = ''] = /^\/repos\/([^/]+)\/([^/]+)\/releases/.exec(path) ?? [];
  const project = projectOf(`${owner}/${name}`);
  if (project !== undefined) {
    const one = {
      tag_name: project.version,
      name: project.version,
      draft: false,
      prerelease: false,
      html_url: `https://github.com/${owner}/${name}/releases/tag/${project.version}`,
      assets: [],
    };
    return json(path.endsWith('/latest') ? one : [one]);
  }
  const [, login] = /^\/users\/([\w-]+)$/.exec(path) ?? [];
  if (login !== undefined)
    return json({ login, type: 'User', html_url: `https://github.com/${login}`, public_repos: 1 });
  if (path === '/zen') return text('Keep it logically awesome.');
  return {
    ...json({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }),
    status: 404,
  };
}
