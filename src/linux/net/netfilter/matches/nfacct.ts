import { err, find, ok, one, type MatchExtension } from '../extension';

/** Counts into a named accounting object. The rule's own counters tell as much; objects are not modelled. */
export const nfacct: MatchExtension = {
  name: 'nfacct',
  options: one('nfacct-name'),
  make(given) {
    const name = find(given, 'nfacct-name')?.value;
    if (name === undefined) return err('nfacct: option "--nfacct-name" must be specified');
    return ok({ name: 'nfacct', save: `--nfacct-name  ${name}`, list: `nfacct-name  ${name}`, test: () => true });
  },
};
