import { fileRoutesOfConfigs } from './secrets';

/** Configs are secrets that are no secret. */
export const configRoutes = fileRoutesOfConfigs;
