import { fileGroup } from '../secret';

/** Configs are handled as secrets are. */
export const config = fileGroup('config');
