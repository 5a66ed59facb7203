export { startBuild } from './build';
export { classicBuild } from './classic/build';
