import type { Project } from '../load/types';
import { ComposeError } from '../cli/error';
import type { ImageInspect } from './images';
import { imageOf } from './names';
import type { Session } from './session';

export interface BuildOptions {
  readonly images: Map<string, ImageInspect>;
  readonly all: boolean;
  readonly quiet: boolean;
}

/** Builds the images of services that have none. */
export async function buildServices(_: Session, project: Project, { images, all }: BuildOptions): Promise<void> {
  for (const [name, service] of Object.entries(project.services)) {
    if (service.build === undefined || (!all && images.has(imageOf(project, name, service)))) continue;
    throw new ComposeError(`Service ${name} cannot be built: this engine has no builder yet`);
  }
}
