import type { Random } from '../../sim/random';

const digits = '0123456789abcdefghijklmnopqrstuvwxyz';

/** identity.NewID: 25 digits of base 36, the first below `i` (a number of 128 bits). */
export const newId = (random: Random): string => random.string(1, digits.slice(0, 18)) + random.string(24, digits);

/** `SWMTKN-1-<digest of the root certificate>-<secret>`. */
export const rootDigest = (random: Random): string => random.string(50, digits);
export const tokenOf = (digest: string, secret: string): string => `SWMTKN-1-${digest}-${secret}`;
export const newSecret = (random: Random): string => random.string(25, digits);

/** `SWMKEY-1-…`: 32 bytes in base64 without padding. */
export const unlockKey = (random: Random): string =>
  `SWMKEY-1-${random.string(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')}`;
