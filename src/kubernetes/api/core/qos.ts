import type { Container, PodSpec } from './pod-spec';

/** qos.ComputePodQOS. */
export function qosClass({ containers, initContainers = [] }: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false;
  let guaranteed = true;
  const look = ({ resources }: Container): void => {
    const { requests, limits } = resources;
    for (const name of ['cpu', 'memory']) {
      const request = requests?.[name];
      const limit = limits?.[name];
      if (!isZero(request) || !isZero(limit)) any = true;
      if (isZero(limit) || (request !== undefined && request !== limit)) guaranteed = false;
    }
  };
  containers.forEach(look);
  initContainers.forEach(look);
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}

const isZero = (quantity: string | undefined): boolean =>
  quantity === undefined || /^0*(\.0*)?[A-Za-z]*$/.test(quantity);
