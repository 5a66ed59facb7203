import { incompatible } from '../../windows/verify';
import type { Response } from '../../../linux/net/http/message';
import { dockerRefusal } from '../../images/refusal';
import type { LayerPhase } from '../../images/download';
import type { Image } from '../../images/image';
import {
  familiarName,
  familiarString,
  fullString,
  parseReference,
  withDefaultTag,
  type Reference,
} from '../../images/reference';
import { wrongPlatform } from '../create';
import { progressBar } from '../progress';
import { credentialsOf } from './auth';
import { importFromSource } from './image-archives';
import { failure, Stream, when, type Call } from './respond';

interface Refused {
  readonly status: number;
  readonly message: string;
}

/** What a pull tells: until something was told, what goes wrong is the answer's status. */
export class PullOutput {
  readonly #stream: Stream;
  #told = false;

  constructor(
    call: Call,
    readonly answered: (response: Response) => void,
  ) {
    this.#stream = new Stream(call.engine.options.clock);
  }

  say(message: object): void {
    this.#stream.json(message);
    if (this.#told) return;
    this.#told = true;
    this.answered(this.#stream.response());
  }

  layer(phase: LayerPhase, { blobDigest, compressedSize: total }: LayerLike, current: number | undefined): void {
    const detail = current === undefined ? {} : { current, total };
    const bar = current === undefined ? {} : { progress: progressBar(current, total) };
    this.say({ status: phases[phase], progressDetail: detail, ...bar, id: short(blobDigest) });
  }

  fail({ status, message }: Refused): void {
    if (!this.#told) this.answered(failure({ status, message }));
    else this.say({ errorDetail: { message }, error: message });
    this.#stream.end();
  }

  end(): void {
    this.#stream.end();
  }
}

interface LayerLike {
  readonly blobDigest: string;
  readonly compressedSize: number;
}

/** POST /images/create: a pull, with its progress. What is not there is told before anything is streamed. */
export async function pull(call: Call): Promise<Response> {
  const { engine, query } = call;
  if (query.get('fromSrc') !== null) return importFromSource(call);
  const from = query.get('fromImage') ?? '';
  const tag = query.get('tag') ?? '';
  const text = tag === '' ? from : `${from}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
  const parsed = parseReference(text);
  if (!parsed.ok) return failure({ status: 400, message: parsed.error });
  const platform = platformOf(query.get('platform') ?? '');
  if (typeof platform === 'string') return failure({ status: 400, message: platform });
  const credentials = credentialsOf(call);
  const reference = parsed.value;
  const { clock, dockerd } = engine.options;
  const answer = clock.deferred<Response>();
  const output = new PullOutput(call, (response) => answer.resolve(response));
  const one = async (wanted: Reference): Promise<boolean | Refused> => {
    if (engine.images.isPublic(wanted)) return pullPublic(call, wanted, output, platform);
    const { pullFromNetwork } = await clock.external(() => import('./network-pull'));
    return pullFromNetwork(call, wanted, output, { platform, credentials });
  };
  dockerd.thread(async () => {
    const wanted = await references(call, reference, credentials);
    if (!Array.isArray(wanted)) {
      output.fail(wanted as Refused);
      return;
    }
    let fresh = false;
    for (const each of wanted as readonly Reference[]) {
      const outcome = await one(each);
      if (typeof outcome !== 'boolean') {
        output.fail(outcome);
        return;
      }
      fresh ||= outcome;
      engine.events.emit('image', 'pull', familiarString(each), {
        ...engine.images.find(fullString(each))?.image.config.Labels,
        name: familiarName(each),
      });
    }
    const said = fresh ? 'Downloaded newer image for' : 'Image is up to date for';
    output.say({ status: `Status: ${said} ${familiarString(reference)}` });
    // What is served without a list of manifests is taken whatever was asked for (daemon/images/image_pull.go).
    const single = engine.images.find(fullString(reference))?.image;
    const mismatch = single === undefined ? undefined : wrongPlatform(familiarString(reference), single, platform);
    if (mismatch !== undefined) output.say({ status: `WARNING: ${mismatch}` });
    output.end();
  });
  return answer.promise;
}

/** A reference without tag and digest means every tag of the repository. */
async function references(
  call: Call,
  reference: Reference,
  credentials: ReturnType<typeof credentialsOf>,
): Promise<readonly Reference[] | Refused> {
  if (reference.tag !== undefined || reference.digest !== undefined) return [reference];
  const { engine } = call;
  if (engine.images.isPublic(reference)) {
    const tags = engine.options.registries.tagsOf(`${reference.domain}/${reference.path}`);
    return tags.length === 0 ? [withDefaultTag(reference)] : tags.map((tag) => ({ ...reference, tag }));
  }
  const { tagsInNetwork } = await engine.options.clock.external(() => import('./network-pull'));
  const tags = await tagsInNetwork(call, reference, credentials);
  return 'message' in tags ? tags : tags.map((tag) => ({ ...reference, tag }));
}

/** `linux/arm64/v8`, or `arm64`. */
function platformOf(
  text: string,
): { readonly os: string; readonly architecture: string; readonly variant?: string } | string | undefined {
  if (text === '') return undefined;
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part)))
    return `invalid platform: ${JSON.stringify(text)}: invalid argument`;
  const [first = '', second, variant] = parts;
  const known = ['linux', 'windows', 'darwin', 'freebsd'].includes(first);
  const [os, given] = known ? [first, second ?? 'amd64'] : ['linux', first];
  const architecture = { x86_64: 'amd64', aarch64: 'arm64', armhf: 'arm', i386: '386' }[given] ?? given;
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** From a public registry, which nobody has to serve. Whether there was anything new. */
function pullPublic(
  { engine, build }: Call,
  reference: Reference,
  output: PullOutput,
  platform: Exclude<ReturnType<typeof platformOf>, string>,
): Promise<boolean | Refused> {
  const { clock, trace, host } = engine.options;
  const id = reference.digest === undefined ? reference.tag : fullString(reference);
  const wanted =
    platform === undefined
      ? undefined
      : [platform.os, platform.architecture, ...(platform.variant === undefined ? [] : [platform.variant])].join('/');
  const pulling = { status: `Pulling from ${reference.path}`, id };
  const wasHere = engine.images.find(fullString(reference))?.image;
  let known: Image | undefined;
  return when(clock, (done) =>
    engine.images.pull(reference, {
      ...(platform === undefined ? {} : { architecture: platform.architecture }),
      resolved: (image, layers) => {
        output.say(pulling);
        trace.record(`dockerd@${host.name}`, 'pull', familiarString(reference), {
          digest: image.digest,
          layers: image.layers.map(({ blobDigest }) => blobDigest),
        });
        known = engine.images.byId(image.id)?.image;
        // Of an image that is here under another name nothing is said: its layers are not looked at.
        if (known !== undefined) return;
        for (const { layer, exists } of layers)
          if (exists) output.say({ status: 'Already exists', progressDetail: {}, id: short(layer.blobDigest) });
      },
      progress: ({ layer, phase, current }) => output.layer(phase, layer, current),
      done: (result) => {
        if (!result.ok) {
          if (result.error === 'no matching manifest' || result.error === 'incompatible') {
            // The list of manifests was there: what is pulled has been told by then (distribution/pull_v2.go).
            output.say(pulling);
            const later = engine.options.registries.resolve(reference, engine.options.os);
            const message =
              (later.ok ? incompatible(later.value.details.windows) : undefined) ??
              dockerRefusal(reference, result.error, wanted ?? build.system?.pullPlatform);
            done({ status: 404, message });
            return;
          }
          const status = result.error === 'no such host' || result.error === 'too many requests' ? 500 : 404;
          done({ status, message: dockerRefusal(reference, result.error) });
          return;
        }
        output.say({ status: `Digest: ${result.value.digest}` });
        done(wasHere !== result.value.image);
      },
    }),
  );
}

const phases: Readonly<Record<LayerPhase, string>> = {
  pulling: 'Pulling fs layer',
  waiting: 'Waiting',
  downloading: 'Downloading',
  verifying: 'Verifying Checksum',
  downloaded: 'Download complete',
  extracting: 'Extracting',
  complete: 'Pull complete',
};

const short = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);
