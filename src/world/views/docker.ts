import { statusText, type Container } from '../../containers/dockerd/container';
import type { DockerView } from '../view';

/** A container of a docker engine, in the words of `docker ps`. */
export function dockerView(container: Container, now: number): DockerView {
  const [endpoint] = container.endpoints.values();
  const published = [...container.endpoints.values()].flatMap(({ ports }) => ports);
  const ports = published.map(({ hostPort, containerPort, protocol }) => `${hostPort}→${containerPort}/${protocol}`);
  return {
    key: container.id,
    name: container.name,
    image: container.config.Image,
    state: container.status,
    status: statusText(container, now),
    ip: endpoint?.address,
    ports: [...new Set(ports)],
  };
}
