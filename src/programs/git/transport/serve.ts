import { concat, decode } from '../../../linux/io/bytes';
import type { Oid } from '../objects/object';
import type { Repository } from '../repository';
import { ancestors } from '../refs/history';
import { encodePack, flush, packet } from './pack';
import { closure } from './reach';

/** What `GET …/info/refs?service=git-upload-pack` answers. */
export function advertise({ refs, objects }: Repository): Uint8Array {
  const lines: { readonly name: string; readonly oid: Oid }[] = [];
  const { head } = refs;
  if (head !== undefined) lines.push({ name: 'HEAD', oid: head });
  for (const ref of refs.list()) {
    lines.push(ref);
    if (objects.peel(ref.oid) !== ref.oid) lines.push({ name: `${ref.name}^{}`, oid: objects.peel(ref.oid) });
  }
  const capabilities = `\0ofs-delta symref=HEAD:${refs.symbolic('HEAD') ?? ''} agent=git/github`;
  return concat([
    packet('# service=git-upload-pack\n'),
    flush,
    ...lines.map(({ name, oid }, index) => packet(`${oid} ${name}${index === 0 ? capabilities : ''}\n`)),
    flush,
  ]);
}

/** What `POST …/git-upload-pack` answers: the objects that are wanted and not had. */
export function uploadPack({ objects }: Repository, body: Uint8Array): Uint8Array {
  const text = decode(body);
  const wants = [...text.matchAll(/want ([0-9a-f]{40})/g)].map(([, oid = '']) => oid);
  const haves = [...text.matchAll(/have ([0-9a-f]{40})/g)].map(([, oid = '']) => oid).filter((oid) => objects.has(oid));
  const had = new Set<Oid>();
  for (const oid of ancestors(
    objects,
    haves.filter((each) => objects.find(each)?.type === 'commit'),
  )) {
    had.add(oid);
  }
  return concat([packet('NAK\n'), encodePack(closure(objects, wants, (oid) => had.has(oid)))]);
}
