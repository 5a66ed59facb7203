import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';

// Beside its package, wherever a bundle stands; a browser's build makes a file of it that is fetched only here.
const wasm = new URL(
  '../../../../node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
  import.meta.url,
);

let loading: Promise<QuickJSWASMModule> | undefined;

/** The JavaScript engine, fetched when the first `node` runs. Every process gets a runtime of its own in it. */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  loading ??= newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmLocation: wasm.href }));
  return loading;
}
