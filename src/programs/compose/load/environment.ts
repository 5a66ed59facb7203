import { parseDotenv } from './dotenv';
import type { Reading } from './model';
import type { Lookup } from './template';
import type { Project, Service } from './types';
import { LoadError } from './value';

/** Variables of a service from its env files and its own; what has no value takes the project's (compose-go). */
export function resolveEnvironment(project: Project, reading: Reading): Project {
  const services: Record<string, Service> = {};
  for (const [name, service] of Object.entries(project.services)) {
    const { env_file: files = [], ...rest } = service;
    const own: Record<string, string | null> = {};
    for (const [key, value] of Object.entries(service.environment ?? {}))
      own[key] = value ?? project.environment.get(key) ?? null;
    const merged: Record<string, string | null> = {};
    for (const { path, required, format } of files) {
      if (!reading.isFile(path)) {
        if (!required) continue;
        throw new LoadError(`env file ${path} not found: stat ${path}: no such file or directory`);
      }
      const lookup: Lookup = (key) => project.environment.get(key) ?? own[key] ?? undefined;
      const text = reading.readFile(path);
      const values = format === 'raw' ? parseRaw(text, path, lookup) : parseFile(text, path, lookup, reading);
      for (const [key, value] of values) merged[key] = value;
    }
    Object.assign(merged, own);
    const keys = Object.keys(merged).sort();
    services[name] =
      keys.length === 0
        ? rest
        : { ...rest, environment: Object.fromEntries(keys.map((key) => [key, merged[key] ?? null])) };
  }
  return { ...project, services };
}

/** Labels of label files, under the service's own. */
export function resolveLabels(project: Project, reading: Reading): Project {
  const services: Record<string, Service> = {};
  for (const [name, service] of Object.entries(project.services)) {
    const { label_file: files = [], ...rest } = service;
    if (files.length === 0) {
      services[name] = service;
      continue;
    }
    const labels: Record<string, string> = {};
    for (const path of files) {
      if (!reading.isFile(path))
        throw new LoadError(`label file ${path} not found: stat ${path}: no such file or directory`);
      for (const [key, value] of parseFile(reading.readFile(path), path, (key) => labels[key], reading))
        labels[key] = value;
    }
    Object.assign(labels, service.labels);
    services[name] = {
      ...rest,
      labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
  return { ...project, services };
}

function parseFile(text: string, path: string, lookup: Lookup, { warn }: Reading): ReadonlyMap<string, string> {
  try {
    return parseDotenv(text, lookup, warn);
  } catch (error) {
    if (error instanceof LoadError) throw new LoadError(`failed to read ${path}: ${error.message}`);
    throw error;
  }
}

/** `format: raw`: as `docker run --env-file` reads it. */
function parseRaw(text: string, path: string, lookup: Lookup): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  text.split('\n').forEach((raw, index) => {
    const line = raw.trimStart().replace(/\r$/, '');
    if (line === '' || line.startsWith('#')) return;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (/\s/.test(key))
      throw new LoadError(
        `failed to parse env_file ${path}: line ${index + 1}: variable '${key}' contains whitespaces`,
      );
    const value = equals < 0 ? lookup(key) : line.slice(equals + 1);
    if (value !== undefined) values.set(key, value);
  });
  return values;
}
