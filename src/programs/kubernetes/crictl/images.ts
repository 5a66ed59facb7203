import { rpcErrorText, type CriImage } from '../../../containers/containerd/cri';
import { parseReference } from '../../../containers/images/reference';
import { ask } from './ask';
import { fatal, type Crictl, type CrictlCommand } from './crictl';
import { imageJson } from './json';
import { humanSize, short, table } from './table';

interface Named {
  readonly image: CriImage;
  readonly repository: string;
  readonly tag: string;
}

/** One row a tag; an image without tags is `<none>`. */
const rowsOf = (images: readonly CriImage[]): readonly Named[] =>
  images
    .flatMap((image): Named[] => {
      const names = image.repoTags.length > 0 ? image.repoTags : ['<none>:<none>'];
      return names.map((name) => {
        const colon = name.lastIndexOf(':');
        return { image, repository: name.slice(0, colon), tag: name.slice(colon + 1) };
      });
    })
    .sort((a, b) => (`${a.repository}:${a.tag}` < `${b.repository}:${b.tag}` ? -1 : 1));

/** crictl images. */
export const images: CrictlCommand = {
  names: ['images', 'image', 'img'],
  usage: 'List images',
  arguments: '[REPOSITORY[:TAG]]',
  flags: [
    { names: ['digests'], usage: 'Show digests' },
    { names: ['no-trunc'], usage: 'Show output without truncating the ID' },
    { names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|table' },
    { names: ['quiet', 'q'], usage: 'Only show image IDs' },
    { names: ['verbose', 'v'], usage: 'Show verbose info for images' },
  ],
  async run({ cri, flags, operands, process }) {
    const wanted = operands[0] === undefined ? undefined : canonical(operands[0]);
    const found = cri
      .listImages()
      .filter(
        ({ repoTags }) =>
          wanted === undefined || repoTags.some((tag) => tag === wanted || tag.startsWith(`${wanted}:`)),
      );
    const id = (full: string): string => (flags.has('no-trunc') ? full : short(full));
    if (flags.has('quiet')) await process.stdout.write(found.map((image) => `${image.id}\n`).join(''));
    else if (flags.get('output') === 'json')
      await process.stdout.write(`${JSON.stringify({ images: found.map(imageJson) }, null, 2)}\n`);
    else {
      const digests = flags.has('digests');
      const rows = rowsOf(found).map(({ image, repository, tag }) => [
        repository,
        tag,
        ...(digests ? [short(image.repoDigests[0]?.split('@')[1] ?? '<none>')] : []),
        id(image.id),
        humanSize(image.size),
      ]);
      await process.stdout.write(table(['IMAGE', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'], rows));
    }
    return 0;
  },
};

/** A repository as containerd spells it, without a tag that nobody asked for. */
function canonical(asked: string): string {
  const reference = parseReference(asked);
  if (!reference.ok) return asked;
  const { domain, path, tag } = reference.value;
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}`;
}

/** crictl inspecti. */
export const inspecti: CrictlCommand = {
  names: ['inspecti'],
  usage: 'Return the status of one or more images',
  arguments: 'IMAGE-ID [IMAGE-ID...]',
  flags: [{ names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|go-template|table' }],
  async run(crictl) {
    const { cri, operands, process } = crictl;
    for (const asked of operands) {
      const image = imageOf(crictl, asked);
      const status = image === undefined ? undefined : cri.imageStatus({ image: image.id });
      if (status === undefined) return fatal(crictl, `no such image "${asked}" present`);
      await process.stdout.write(`${JSON.stringify({ status: imageJson(status) }, null, 2)}\n`);
    }
    return operands.length > 0 ? 0 : fatal(crictl, 'ID cannot be empty');
  },
};

function imageOf({ cri }: Crictl, asked: string): CriImage | undefined {
  return (
    cri.imageStatus({ image: asked }) ??
    cri
      .listImages()
      .find(({ id }) => asked !== '' && id.replace('sha256:', '').startsWith(asked.replace('sha256:', '')))
  );
}

/** crictl pull. */
export const pull: CrictlCommand = {
  names: ['pull'],
  usage: 'Pull an image from a registry',
  arguments: 'NAME[:TAG|@DIGEST]',
  flags: [
    { names: ['auth'], value: 'value', usage: 'Use AUTH_STRING for accessing the registry' },
    { names: ['creds'], value: 'value', usage: 'Use USERNAME[:PASSWORD] for accessing the registry' },
  ],
  async run(crictl) {
    const { cri, operands, process, flags } = crictl;
    const [image] = operands;
    if (image === undefined) return fatal(crictl, 'image name cannot be empty');
    const [username, ...password] = flags.get('creds')?.split(':') ?? [];
    const auth = username === undefined ? {} : { auth: { username, password: password.join(':') } };
    const pulled = await ask<string>(process, (done) => cri.pullImage({ image }, auth, done));
    if (!pulled.ok) {
      const at = new Date(process.clock.now).toISOString();
      const stamp = `${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000`;
      const { code, message } = pulled.error;
      // klog tells the whole status; the last line unwraps what is not a code of its own.
      const whole = `rpc error: code = ${code} desc = ${message}`;
      await process.stderr.write(
        `E${stamp} ${String(process.pid).padStart(7)} log.go:32] "PullImage from image service failed" err=${JSON.stringify(whole)} image=${JSON.stringify(image)}\n`,
      );
      return fatal(crictl, `pulling image: ${rpcErrorText(pulled.error)}`);
    }
    await process.stdout.write(`Image is up to date for ${pulled.value}\n`);
    return 0;
  },
};

/** crictl rmi. */
export const rmi: CrictlCommand = {
  names: ['rmi'],
  usage: 'Remove one or more images',
  arguments: 'IMAGE-ID [IMAGE-ID...]',
  flags: [
    { names: ['all', 'a'], usage: 'Remove all images' },
    { names: ['prune', 'q'], usage: 'Remove all unused images' },
  ],
  async run(crictl) {
    const { cri, flags, operands, process } = crictl;
    const used = new Set(cri.listContainers().map(({ imageId }) => imageId));
    const chosen = flags.has('all')
      ? cri.listImages()
      : flags.has('prune')
        ? cri.listImages().filter(({ id }) => !used.has(id))
        : undefined;
    let status = 0;
    for (const [asked, image] of chosen?.map((one) => [one.id, one] as const) ??
      operands.map((one) => [one, imageOf(crictl, one)] as const)) {
      if (image === undefined) {
        status = await fatal(crictl, `unable to remove the image(s): no such image ${asked}`);
        continue;
      }
      const removed = cri.removeImage({ image: image.id });
      if (!removed.ok) status = await fatal(crictl, `unable to remove the image(s): ${rpcErrorText(removed.error)}`);
      else
        for (const name of image.repoTags.length > 0 ? image.repoTags : [image.id])
          await process.stdout.write(`Deleted: ${name}\n`);
    }
    return chosen === undefined && operands.length === 0 ? fatal(crictl, 'ID cannot be empty') : status;
  },
};
