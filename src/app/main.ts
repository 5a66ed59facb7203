import { mount } from 'svelte';
import './design/tokens.css';
import './design/layout.css';
import App from './App.svelte';
import { Connection, type WorldPort } from './world/connection.svelte';
import { fromHash } from './world/link';

const worker: WorldPort = new Worker(new URL('../world/worker.ts', import.meta.url), { type: 'module' });
const world = new Connection(worker);

// Whatever goes wrong on the page itself is shown as well, with the session to play it again.
addEventListener('error', ({ error, message }) => void world.fail(error ?? message));
addEventListener('unhandledrejection', ({ reason }) => void world.fail(reason));

/** `#fresh` is said once: a reload afterwards comes back. `#replay=…` stays, and is never stored as the learner's own. */
async function begin(): Promise<void> {
  const { hash } = location;
  if (hash === '#fresh') history.replaceState(null, '', location.pathname + location.search);
  const session = await fromHash(hash);
  world.start({ fresh: hash === '#fresh', ...(session === undefined ? {} : { session }) });
}
void begin();

const target = document.getElementById('app');
if (target) mount(App, { target, props: { world } });
