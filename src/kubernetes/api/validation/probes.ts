import type { FieldErrors } from '../../apimachinery/field-errors';
import type { Container, HttpGetAction, Lifecycle, Probe, ProbeHandler } from '../core/pod-spec';
import { nonNegative, oneOf, portNumberOrName } from './common';

type Probed = Pick<Container, 'livenessProbe' | 'readinessProbe' | 'startupProbe'>;

/** validateLifecycle. */
export function validateLifecycle(lifecycle: Lifecycle | undefined, gracePeriod: number, errors: FieldErrors): void {
  if (lifecycle === undefined) return;
  if (lifecycle.postStart !== undefined) validateHandler(lifecycle.postStart, gracePeriod, errors.at('postStart'));
  if (lifecycle.preStop !== undefined) validateHandler(lifecycle.preStop, gracePeriod, errors.at('preStop'));
}

type AnyHandler = ProbeHandler & { readonly sleep?: { readonly seconds: number } };

/** validateHandler: one way of asking or telling, and only one. */
function validateHandler(handler: AnyHandler, gracePeriod: number, errors: FieldErrors): void {
  let count = 0;
  const only = (field: string): boolean => {
    if (count > 0) {
      errors.at(field).forbidden('may not specify more than 1 handler type');
      return false;
    }
    count++;
    return true;
  };
  if (handler.exec !== undefined && only('exec') && (handler.exec.command ?? []).length === 0)
    errors.at('exec').at('command').required('');
  if (handler.httpGet !== undefined && only('httpGet')) validateHttpGet(handler.httpGet, errors.at('httpGet'));
  if (handler.tcpSocket !== undefined && only('tcpSocket'))
    portNumberOrName(handler.tcpSocket.port, errors.at('tcpSocket').at('port'));
  if (handler.grpc !== undefined && only('grpc')) portNumberOrName(handler.grpc.port, errors.at('grpc').at('port'));
  if (handler.sleep !== undefined && only('sleep')) {
    const { seconds } = handler.sleep;
    if (seconds < 0 || seconds > gracePeriod)
      errors
        .at('sleep')
        .invalid(seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`);
  }
  if (count === 0) errors.required('must specify a handler type');
}

function validateHttpGet({ path = '', port, scheme, httpHeaders }: HttpGetAction, errors: FieldErrors): void {
  if (path === '') errors.at('path').required('');
  portNumberOrName(port, errors.at('port'));
  oneOf(scheme, ['HTTP', 'HTTPS'], errors.at('scheme'));
  for (const { name = '' } of httpHeaders ?? [])
    if (!/^[-A-Za-z0-9]+$/.test(name))
      errors
        .at('httpHeaders')
        .invalid(
          name,
          "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
        );
}

/** validateLivenessProbe, validateReadinessProbe, validateStartupProbe. */
export function validateProbes(
  { livenessProbe, readinessProbe, startupProbe }: Probed,
  gracePeriod: number,
  errors: FieldErrors,
): void {
  if (livenessProbe !== undefined) {
    validateProbe(livenessProbe, gracePeriod, errors.at('livenessProbe'));
    if (livenessProbe.successThreshold !== 1)
      errors.at('livenessProbe').at('successThreshold').invalid(livenessProbe.successThreshold, 'must be 1');
  }
  if (readinessProbe !== undefined) {
    validateProbe(readinessProbe, gracePeriod, errors.at('readinessProbe'));
    const seconds = readinessProbe.terminationGracePeriodSeconds;
    if (seconds !== undefined)
      errors
        .at('readinessProbe')
        .at('terminationGracePeriodSeconds')
        .invalid(seconds, 'must not be set for readinessProbes');
  }
  if (startupProbe !== undefined) {
    validateProbe(startupProbe, gracePeriod, errors.at('startupProbe'));
    if (startupProbe.successThreshold !== 1)
      errors.at('startupProbe').at('successThreshold').invalid(startupProbe.successThreshold, 'must be 1');
  }
}

function validateProbe(probe: Probe, gracePeriod: number, errors: FieldErrors): void {
  validateHandler(probe, gracePeriod, errors);
  nonNegative(probe.initialDelaySeconds, errors.at('initialDelaySeconds'));
  nonNegative(probe.timeoutSeconds, errors.at('timeoutSeconds'));
  nonNegative(probe.periodSeconds, errors.at('periodSeconds'));
  nonNegative(probe.successThreshold, errors.at('successThreshold'));
  nonNegative(probe.failureThreshold, errors.at('failureThreshold'));
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0)
    errors.at('terminationGracePeriodSeconds').invalid(seconds, 'must be greater than 0');
}
