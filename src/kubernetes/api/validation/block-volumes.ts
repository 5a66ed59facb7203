import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { inRange } from './common';

type Source = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const size = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

const iqn = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/;
const eui = /^eui.[A-Za-z0-9]{16}$/;
const naa = /^naa.[A-Za-z0-9]{32}$/;

function initiator(name: string, persistent: boolean, errors: FieldErrors): void {
  const rule = name.startsWith('iqn') ? iqn : name.startsWith('eui') ? eui : name.startsWith('naa') ? naa : undefined;
  if (rule === undefined)
    errors.invalid(name, `must be valid format${persistent ? '' : ' starting with iqn, eui, or naa'}`);
  else if (!rule.test(name)) errors.invalid(name, 'must be valid format');
}

/** validateISCSIVolumeSource. */
export function validateIscsi(source: Source, persistent: boolean, errors: FieldErrors): void {
  if (text(source['targetPortal']) === '') errors.at('targetPortal').required('');
  const target = text(source['iqn']);
  if (target === '') errors.at('iqn').required('');
  else initiator(target, persistent, errors.at('iqn'));
  const lun = Number(source['lun'] ?? 0);
  if (lun < 0 || lun > 255) errors.at('lun').invalid(lun, inRange(0, 255));
  if ((source['chapAuthDiscovery'] === true || source['chapAuthSession'] === true) && source['secretRef'] === undefined)
    errors.at('secretRef').required('');
  const reference = source['secretRef'] as Source | undefined;
  if (persistent && reference !== undefined && text(reference['name']) === '')
    errors.at('secretRef').at('name').required('');
  const own = source['initiatorName'];
  if (typeof own === 'string') initiator(own, persistent, errors.at('initiatorname'));
}

/** validateFCVolumeSource. */
export function validateFc(source: Source, errors: FieldErrors): void {
  const names = source['targetWWNs'];
  const at = errors.at('targetWWNs');
  if (size(names) === 0 && size(source['wwids']) === 0)
    at.required('must specify either targetWWNs or wwids, but not both');
  if (size(names) > 0 && size(source['wwids']) > 0)
    at.invalid(
      new GoText(`[]string{${(names as readonly string[]).map(goQuote).join(', ')}}`),
      'targetWWNs and wwids can not be specified simultaneously',
    );
  if (size(names) === 0) return;
  const lun = source['lun'];
  if (lun === undefined) errors.at('lun').required('lun is required if targetWWNs is specified');
  else if (Number(lun) < 0 || Number(lun) > 255) errors.at('lun').invalid(lun, inRange(0, 255));
}

/** validateFlockerVolumeSource. */
export function validateFlocker(source: Source, errors: FieldErrors): void {
  const name = text(source['datasetName']);
  const uuid = text(source['datasetUUID']);
  if (name === '' && uuid === '') errors.required('one of datasetName and datasetUUID is required');
  if (name !== '' && uuid !== '')
    errors.invalid('resource', 'datasetName and datasetUUID can not be specified simultaneously');
  if (name.includes('/')) errors.at('datasetName').invalid(name, "must not contain '/'");
}

/** validateQuobyteVolumeSource. */
export function validateQuobyte(source: Source, errors: FieldErrors): void {
  const registry = text(source['registry']);
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (registry === '') errors.at('registry').required(pairs);
  else if (text(source['tenant']).length >= 65)
    errors.at('tenant').required('must be a UUID and may not exceed a length of 64 characters');
  else
    for (const pair of registry.split(','))
      if (!/^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(pair)) errors.at('registry').invalid(registry, pairs);
  if (text(source['volume']) === '') errors.at('volume').required('');
}
