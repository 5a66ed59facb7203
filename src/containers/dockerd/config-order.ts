import type { ContainerSettings } from './api-types';

/** The fields of container.Config as Go declares them: JSON has them in this order. */
const order: readonly string[] =
  'Hostname Domainname User AttachStdin AttachStdout AttachStderr ExposedPorts Tty OpenStdin StdinOnce Env Cmd Healthcheck ArgsEscaped Image Volumes WorkingDir Entrypoint NetworkDisabled MacAddress OnBuild Labels StopSignal StopTimeout Shell'.split(
    ' ',
  );

/** A container's settings as the API and config.v2.json write them. */
export function configJson(config: ContainerSettings): Readonly<Record<string, unknown>> {
  const labels = Object.entries(config.Labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fields: Readonly<Record<string, unknown>> = { ...config, OnBuild: null, Labels: Object.fromEntries(labels) };
  const known = order.filter((name) => fields[name] !== undefined);
  const others = Object.keys(fields).filter((name) => !order.includes(name));
  return Object.fromEntries([...known, ...others].map((name) => [name, fields[name]]));
}

/** Whether a request says anything of the container itself (and not only of its host and networks). */
export const hasConfig = (request: object): boolean => Object.keys(request).some((name) => order.includes(name));
