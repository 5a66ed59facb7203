import type { Process } from '../../../linux/process/types';
import { Failure } from '../errors';
import type { JsonObject } from '../json';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** The objects that a directory's kustomization makes. */
export function kustomized({ fs, cwd }: Process, directory: string): readonly JsonObject[] {
  const real = fs.realpath(directory);
  const path = real.ok ? real.value : `${cwd}/${directory}`;
  if (!names.some((name) => fs.stat(`${path}/${name}`).ok))
    throw new Failure(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${path}'`,
    );
  throw new Failure('kustomize is not there yet');
}
