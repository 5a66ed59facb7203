export { startBuild, type Build } from './build';
