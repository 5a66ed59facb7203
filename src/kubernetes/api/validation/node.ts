import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { isValidLabelValue } from '../../apimachinery/names';
import { quantityValue } from '../../apimachinery/quantity';
import type { Node } from '../core/node';
import { qualifiedName } from './common';
import { isIpv4Address, legacyCidr } from './ip';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** pkg/apis/core/validation: ValidateNode but for the metadata. */
export function validateNode({ spec, status }: Node, errors: FieldErrors): void {
  validateTaints(spec.taints ?? [], errors.at('metadata').at('taints'));
  validateResources(status, errors.at('status'));
  const { podCIDRs = [] } = spec;
  const at = errors.at('spec').at('podCIDRs');
  const networks = podCIDRs.map((text, index) => legacyCidr(text, at.index(index)));
  if (podCIDRs.length < 2) return;
  const fours = networks.filter((each) => each !== undefined && isIpv4Address(each.address)).length;
  if (networks.includes(undefined))
    at.internal(
      `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${networks.indexOf(undefined)}]: <nil> (invalid CIDR address: ${podCIDRs[networks.indexOf(undefined)] ?? ''})`,
    );
  if (podCIDRs.length > 2 || fours !== 1)
    at.invalid(
      new GoText(`[]string{${podCIDRs.map(goQuote).join(', ')}}`),
      'may specify no more than one CIDR for each IP family',
    );
}

/** ValidateNodeUpdate. */
export function validateNodeUpdate({ spec, status }: Node, { spec: old }: Node, errors: FieldErrors): void {
  validateResources(status, errors.at('status'));
  const before = old.podCIDRs ?? [];
  const now = spec.podCIDRs ?? [];
  const at = errors.at('spec');
  const fixed = 'node updates may not change podCIDR except from "" to valid';
  if (before.length > 0) {
    if (before.length !== now.length) at.at('podCIDRs').forbidden(fixed);
    else before.forEach((each, index) => each !== now[index] && at.at('podCIDRs').forbidden(fixed));
  }
  const provider = old.providerID ?? '';
  if (provider !== '' && provider !== (spec.providerID ?? ''))
    at.at('providerID').forbidden('node updates may not change providerID except from "" to valid');
  validateTaints(spec.taints ?? [], errors.at('metadata').at('taints'));
  if ((spec.externalID ?? '') !== (old.externalID ?? '')) at.at('externalID').forbidden('may not be updated');
}

function validateTaints(taints: NonNullable<Node['spec']['taints']>, errors: FieldErrors): void {
  const seen = new Set<string>();
  taints.forEach(({ key = '', value = '', effect, timeAdded }, index) => {
    const at = errors.index(index);
    qualifiedName(key, at.at('key'));
    const wrong = isValidLabelValue(value);
    if (wrong.length > 0) at.at('value').invalid(value, wrong.join(';'));
    const text = String(effect ?? '');
    if (text === '') at.at('effect').required('');
    else if (!effects.includes(text)) at.at('effect').notSupported(text, effects);
    if (seen.has(`${text}/${key}`))
      at.duplicate(
        new GoText(
          `core.Taint{Key:${goQuote(key)}, Value:${goQuote(value)}, Effect:${goQuote(text)}, TimeAdded:${timeAdded === undefined ? '<nil>' : timeAdded}}`,
        ),
        'taints must be unique by key and effect pair',
      );
    seen.add(`${text}/${key}`);
  });
}

/** ValidateNodeResources. */
function validateResources(status: Node['status'], errors: FieldErrors): void {
  for (const name of ['capacity', 'allocatable'] as const) {
    const amounts = status?.[name];
    for (const resource in amounts) {
      const value = amounts[resource] ?? '0';
      if (quantityValue(value) < 0) errors.at(name).key(resource).invalid(value, 'must be greater than or equal to 0');
    }
  }
}
