import type { FieldErrors } from '../../apimachinery/field-errors';
import { quantityValue } from '../../apimachinery/quantity';
import type { ResourceRequirements } from '../core/pod-spec';
import { goQuantity } from './common';
import { isExtended, isHugePages, isNative, validateContainerResource } from './resource-names';

/** ValidateContainerResourceRequirements. */
export function validateResources(resources: ResourceRequirements, errors: FieldErrors): void {
  const { limits, requests } = resources;
  let huge = false;
  let ordinary = false;
  const look = (name: string): void => {
    if (isHugePages(name)) huge = true;
    else if (name === 'cpu' || name === 'memory') ordinary = true;
  };
  for (const name in limits) {
    look(name);
    validateQuantity(name, limits[name] ?? '', errors.at('limits').key(name));
  }
  for (const name in requests) {
    look(name);
    const value = requests[name] ?? '';
    validateQuantity(name, value, errors.at('requests').key(name));
    const limit = limits?.[name];
    if (limit !== undefined) {
      const overcommits = !isHugePages(name) && isNative(name);
      if (!overcommits && quantityValue(value) !== quantityValue(limit))
        errors.at('requests').invalid(value, `must be equal to ${name} limit of ${limit}`);
      else if (overcommits && quantityValue(value) > quantityValue(limit))
        errors.at('requests').invalid(value, `must be less than or equal to ${name} limit of ${limit}`);
    } else if (isHugePages(name) || (name.includes('/') && !isNative(name)))
      errors.at('limits').required('Limit must be set for non overcommitable resources');
  }
  if (huge && !ordinary) errors.forbidden('HugePages require cpu or memory');
}

function validateQuantity(name: string, value: string, errors: FieldErrors): void {
  validateContainerResource(name, errors);
  const amount = quantityValue(value);
  if (amount < 0) errors.invalid(value, 'must be greater than or equal to 0');
  if (isHugePages(name)) {
    const size = quantityValue(name.slice('hugepages-'.length));
    if (amount % size !== 0) errors.invalid(value, `${value} is not positive integer multiple of ${name}`);
  } else if (isExtended(name) && amount % 1 !== 0) errors.invalid(goQuantity(value), 'must be an integer');
}
