/**
 * Runs something foreign and synchronous that reads the clock and the randomness of the JavaScript it runs in: for so long
 * these are the world's. PGlite (wasm) has no hook for either: `now()` comes from Date.now, `random()` and uuids from
 * crypto.getRandomValues. Nothing else runs meanwhile, since the call does not wait.
 */
export function inVirtualTime<T>(now: number, random: () => number, run: () => T): T {
  const dates = Date;
  // Not to draw from it: it is replaced for the time of the call.
  // eslint-disable-next-line no-restricted-globals
  const { crypto } = globalThis;
  const before = Object.getOwnPropertyDescriptor(dates, 'now');
  const getRandomValues = crypto.getRandomValues;
  Object.defineProperty(dates, 'now', { value: () => now, configurable: true, writable: true });
  Object.defineProperty(crypto, 'getRandomValues', {
    configurable: true,
    writable: true,
    value: (array: Uint8Array): Uint8Array => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random() * 256);
      return array;
    },
  });
  try {
    return run();
  } finally {
    if (before !== undefined) Object.defineProperty(dates, 'now', before);
    Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true, writable: true });
  }
}
