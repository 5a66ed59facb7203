import { at, list, text, texts } from '../../json';
import { describeContainers } from './containers';
import { describeSpread, describeTolerations, describeVolumes } from './volumes';
import { annotationsMultiline, DescribeWriter, labelsMultiline } from './writer';

/** Source: describe.go, DescribePodTemplate. */
export function describePodTemplate(w: DescribeWriter, template: unknown): void {
  w.write(0, 'Pod Template:\n');
  if (template === undefined) {
    w.write(1, '<unset>');
    return;
  }
  labelsMultiline(w, '  Labels', texts(template, 'metadata', 'labels'));
  const annotations = texts(template, 'metadata', 'annotations');
  if (Object.keys(annotations).length > 0) annotationsMultiline(w, '  Annotations', annotations);
  const spec = at(template, 'spec');
  if (text(spec, 'serviceAccountName') !== '') w.field(1, 'Service Account', text(spec, 'serviceAccountName'));
  const space = '  ';
  if (list(spec, 'initContainers').length > 0)
    describeContainers(w, 'Init Containers', list(spec, 'initContainers'), { space });
  describeContainers(w, 'Containers', list(spec, 'containers'), { space });
  describeVolumes(w, list(spec, 'volumes'), space);
  describeSpread(w, list(spec, 'topologySpreadConstraints'), space);
  if (text(spec, 'priorityClassName') !== '') w.field(1, 'Priority Class Name', text(spec, 'priorityClassName'));
  labelsMultiline(w, '  Node-Selectors', texts(spec, 'nodeSelector'));
  describeTolerations(w, '  Tolerations', list(spec, 'tolerations'));
}

/** As `rollout history --revision` prints it: not laid out in columns. */
export function podTemplateText(template: unknown): string {
  const w = new DescribeWriter();
  describePodTemplate(w, template);
  return w.raw;
}
