import type { Program } from '../../linux/process/types';
import { mongod } from './server/mongod';
import { mongosh } from './shell/mongosh';

/** By the names that the images' executables give. */
export const programs: Readonly<Record<string, Program>> = { mongod, mongosh, mongo: mongosh };
