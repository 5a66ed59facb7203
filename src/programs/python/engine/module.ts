import { gunzipSync } from 'fflate';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The interpreter's code, compiled once a world. */
export const interpreterModule = (): Promise<WebAssembly.Module> => (compiled ??= compile());

async function compile(): Promise<WebAssembly.Module> {
  const { wasm } = await import('./wasm');
  const packed = Uint8Array.from(atob(wasm), (char) => char.charCodeAt(0));
  return WebAssembly.compile(gunzipSync(packed) as Uint8Array<ArrayBuffer>);
}
