import { mount } from 'svelte';
import './design/tokens.css';
import App from './App.svelte';
import { Connection, type WorldPort } from './world/connection.svelte';

const worker: WorldPort = new Worker(new URL('../world/worker.ts', import.meta.url), { type: 'module' });
const world = new Connection(worker);
world.start({ fresh: location.hash === '#fresh' });

const target = document.getElementById('app');
if (target) mount(App, { target, props: { world } });
