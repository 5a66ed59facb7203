import { err, find, ok, one, quoted, type MatchExtension } from '../extension';

export const comment: MatchExtension = {
  name: 'comment',
  options: one('comment'),
  make(given) {
    const text = find(given, 'comment')?.value;
    if (text === undefined) return err('comment: option "--comment" must be specified');
    if (text.length > 255) return err('COMMENT must be shorter than 256 characters');
    return ok({ name: 'comment', save: `--comment ${quoted(text)}`, list: `/* ${text} */`, test: () => true });
  },
};
