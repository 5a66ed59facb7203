import type { Program } from '../../linux/process/types';
import { gunzip, gzip, zcat } from './gzip';
import { tar } from './tar/tar';
import { unzip } from './zip/unzip';
import { zip } from './zip/zip';

/** Archives and compressed files. */
export const programs: Readonly<Record<string, Program>> = { gunzip, gzip, tar, unzip, zcat, zip };
