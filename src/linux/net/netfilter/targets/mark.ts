import {
  err,
  find,
  hexadecimal,
  maskedText,
  none,
  ok,
  one,
  parseMasked,
  unsigned,
  type TargetExtension,
} from '../extension';
import { proceed } from '../rule';

export const MARK: TargetExtension = {
  name: 'MARK',
  options: one('set-xmark', 'set-mark', 'and-mark', 'or-mark', 'xor-mark'),
  make(given) {
    const option = given[0];
    if (option === undefined) return err('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required');
    const parsed = option.name === 'set-xmark' || option.name === 'set-mark' ? parseMasked(option.value) : undefined;
    const plain = unsigned(option.value);
    const masked =
      option.name === 'set-xmark'
        ? parsed
        : option.name === 'set-mark'
          ? parsed && { value: parsed.value, mask: (parsed.mask | parsed.value) >>> 0 }
          : plain === undefined
            ? undefined
            : option.name === 'and-mark'
              ? { value: 0, mask: ~plain >>> 0 }
              : option.name === 'or-mark'
                ? { value: plain, mask: plain }
                : { value: plain, mask: 0 };
    if (masked === undefined) return err(`MARK: Bad value for "--${option.name}" option: "${option.value}"`);
    const { value, mask } = masked;
    return ok({
      name: 'MARK',
      save: `--set-xmark ${hexadecimal(value)}/${hexadecimal(mask)}`,
      list: listText(value, mask),
      run: ({ packet }) => {
        packet.mark = ((packet.mark & ~mask) ^ value) >>> 0;
        return proceed;
      },
    });
  },
};

// mark_tg_print: the shortest of the five ways to say it.
function listText(value: number, mask: number): string {
  if (value === 0) return `MARK and ${hexadecimal(~mask)}`;
  if (value === mask) return `MARK or ${hexadecimal(value)}`;
  if (mask === 0) return `MARK xor ${hexadecimal(value)}`;
  if (mask >>> 0 === 0xffffffff) return `MARK set ${hexadecimal(value)}`;
  return `MARK xset ${hexadecimal(value)}/${hexadecimal(mask)}`;
}

export const CONNMARK: TargetExtension = {
  name: 'CONNMARK',
  options: { ...one('set-xmark', 'set-mark', 'nfmask', 'ctmask', 'mask'), ...none('save-mark', 'restore-mark') },
  make(given) {
    const option = given[0];
    const mask = unsigned(find(given, 'mask')?.value ?? '0xffffffff') ?? 0xffffffff;
    const masks = mask === 0xffffffff ? '' : ` mask ${hexadecimal(mask)}`;
    if (option?.name === 'save-mark' || option?.name === 'restore-mark') {
      const saving = option.name === 'save-mark';
      return ok({
        name: 'CONNMARK',
        save: `--${option.name} --nfmask ${hexadecimal(mask)} --ctmask ${hexadecimal(mask)}`,
        list: `CONNMARK ${saving ? 'save' : 'restore'}${masks}`,
        needsConntrack: true,
        run: ({ packet }) => {
          if (packet.connection === undefined) return proceed;
          if (saving) packet.connection.mark = ((packet.connection.mark & ~mask) ^ (packet.mark & mask)) >>> 0;
          else packet.mark = ((packet.mark & ~mask) ^ (packet.connection.mark & mask)) >>> 0;
          return proceed;
        },
      });
    }
    const parsed = option === undefined ? undefined : parseMasked(option.value);
    if (parsed === undefined) return err('CONNMARK: No operation specified');
    const full = option?.name === 'set-mark' ? (parsed.mask | parsed.value) >>> 0 : parsed.mask;
    return ok({
      name: 'CONNMARK',
      save: `--set-xmark ${hexadecimal(parsed.value)}/${hexadecimal(full)}`,
      list: `CONNMARK ${full === 0xffffffff ? 'set' : 'xset'} ${maskedText(parsed.value, full)}`,
      needsConntrack: true,
      run: ({ packet }) => {
        const connection = packet.connection;
        if (connection !== undefined) connection.mark = ((connection.mark & ~full) ^ parsed.value) >>> 0;
        return proceed;
      },
    });
  },
};
