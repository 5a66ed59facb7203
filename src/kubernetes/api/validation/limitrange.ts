import type { FieldErrors } from '../../apimachinery/field-errors';
import { isQualifiedName } from '../../apimachinery/names';
import type { Quantities } from '../../apimachinery/object';
import {
  compareQuantities,
  parseQuantity,
  quantityInteger,
  quantityMilli,
  quantityText,
  type Quantity,
} from '../../apimachinery/quantity';
import type { LimitRangeItem } from '../core/limitrange';
import { givenText } from '../../apimachinery/decode';
import { goQuantity } from './common';
import { isHugePages, isNative, validateContainerResource, validateTypedResourceName } from './resource-names';

const one: Quantity = { unscaled: 1n, scale: 0, format: 'DecimalSI', wide: false };
/** Above this, thousandths do not fit into 64 bits (resource.MaxMilliValue). */
const maxMilli = (2n ** 63n - 1n) / 1000n;

/** ValidateLimitRange. */
export function validateLimits(limits: readonly LimitRangeItem[], errors: FieldErrors): void {
  const seen = new Set<string>();
  limits.forEach((item, index) => {
    const at = errors.index(index);
    const type: string = item.type ?? '';
    validateType(type, at.at('type'));
    if (seen.has(type)) at.at('type').duplicate(type);
    seen.add(type);
    validateItem(item, at);
  });
}

function validateType(type: string, errors: FieldErrors): void {
  const problems = isQualifiedName(type);
  for (const problem of problems) errors.invalid(type, problem);
  if (problems.length === 0 && !type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
    errors.invalid(type, 'must be a standard limit type or fully qualified');
}

function validateItem(item: LimitRangeItem, at: FieldErrors): void {
  const keys = new Set<string>();
  const names = (list: Quantities = {}, field: string): void => {
    for (const name of Object.keys(list).sort()) {
      if (item.type === 'Pod' || item.type === 'Container') validateContainerResource(name, at.at(field).key(name));
      else validateTypedResourceName(name, at.at(field).key(name));
      keys.add(name);
    }
  };
  names(item.max, 'max');
  names(item.min, 'min');
  const forPods = item.type === 'Pod';
  if (forPods) {
    for (const field of ['default', 'defaultRequest'] as const)
      if (Object.keys(item[field] ?? {}).length > 0)
        at.at(field).forbidden("may not be specified when `type` is 'Pod'");
  } else {
    names(item.default, 'default');
    names(item.defaultRequest, 'defaultRequest');
  }
  if (
    item.type === 'PersistentVolumeClaim' &&
    item.min?.['storage'] === undefined &&
    item.max?.['storage'] === undefined
  )
    at.at('limits').required('either minimum or maximum storage value is required, but neither was provided');
  names(item.maxLimitRequestRatio, 'maxLimitRequestRatio');
  const shown = forPods ? { ...item, default: {}, defaultRequest: {} } : item;
  for (const name of [...keys].sort()) validateRelations(shown, name, at);
}

const amount = (list: Quantities | undefined, name: string): Quantity | undefined => {
  const text = list !== undefined && Object.hasOwn(list, name) ? (givenText(list, name) ?? list[name]) : undefined;
  const parsed = text === undefined ? undefined : parseQuantity(text);
  return parsed?.ok === true ? parsed.value : undefined;
};

/** How the numbers of one resource must stand to each other. */
function validateRelations(item: LimitRangeItem, name: string, at: FieldErrors): void {
  const min = amount(item.min, name);
  const max = amount(item.max, name);
  const limit = amount(item.default, name);
  const request = amount(item.defaultRequest, name);
  const ratio = amount(item.maxLimitRequestRatio, name);
  const wrong = (field: string, value: Quantity, text: string): void =>
    at.at(field).key(name).invalid(goQuantity(value), text);
  const order = (
    low: Quantity | undefined,
    high: Quantity | undefined,
    words: string,
    field: string,
    which: 'low' | 'high',
  ): void => {
    if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return;
    const [lowWord = '', highWord = ''] = words.split('|');
    const text = `${lowWord} value ${quantityText(low)} is greater than ${highWord} value ${quantityText(high)}`;
    wrong(field, which === 'low' ? low : high, text);
  };
  order(min, max, 'min|max', 'min', 'low');
  order(min, request, 'min|default request', 'defaultRequest', 'high');
  order(request, max, 'default request|max', 'defaultRequest', 'low');
  order(request, limit, 'default request|default limit', 'defaultRequest', 'low');
  order(min, limit, 'min|default', 'default', 'low');
  order(limit, max, 'default|max', 'default', 'high');
  if (ratio !== undefined && compareQuantities(ratio, one) < 0)
    wrong('maxLimitRequestRatio', ratio, `ratio ${quantityText(ratio)} is less than 1`);
  if (ratio !== undefined && min !== undefined && max !== undefined) {
    const fine = [ratio, min, max].every((each) => quantityInteger(each) < maxMilli);
    const allowed = fine ? Number(quantityMilli(ratio)) / 1000 : Number(quantityInteger(ratio));
    const value = fine ? quantityMilli : quantityInteger;
    const most = Number(value(max)) / Number(value(min));
    if (allowed > most)
      wrong('maxLimitRequestRatio', ratio, `ratio ${quantityText(ratio)} is greater than max/min = ${most.toFixed(6)}`);
  }
  const overcommits = isNative(name) && !isHugePages(name);
  if (!overcommits && limit !== undefined && request !== undefined && compareQuantities(limit, request) !== 0)
    wrong(
      'defaultRequest',
      request,
      `default value ${quantityText(limit)} must equal to defaultRequest value ${quantityText(request)} in ${name}`,
    );
}
