import { at, list, number, text, texts, type JsonObject } from '../../json';
import { labelSelectorText } from '../../resource/pods';
import { between, controllerText, plain, truthOf, unset } from './context';
import { describePodTemplate } from './pod-template';
import { head, annotationsMultiline, labelsMultiline, longTime, type DescribeWriter } from './writer';

/** The list of indexes, cut after about fifty characters. */
function cappedIndexes(indexes: string): string {
  if (indexes === '') return '<none>';
  const comma = indexes.indexOf(',', 50);
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}

export const describeJob = plain((w, job) => {
  const [spec, status] = [at(job, 'spec'), at(job, 'status')];
  w.field(0, 'Name', text(job, 'metadata', 'name'));
  w.field(0, 'Namespace', text(job, 'metadata', 'namespace'));
  w.field(0, 'Selector', labelSelectorText(at(spec, 'selector')));
  labelsMultiline(w, 'Labels', texts(job, 'metadata', 'labels'));
  annotationsMultiline(w, 'Annotations', texts(job, 'metadata', 'annotations'));
  const optional = (title: string, value: string): void => {
    if (value !== '') w.field(0, title, value);
  };
  optional('Controlled By', controllerText(job));
  optional('Parallelism', text(spec, 'parallelism'));
  w.field(0, 'Completions', unset(at(spec, 'completions')));
  optional('Completion Mode', text(spec, 'completionMode'));
  optional('Suspend', text(spec, 'suspend'));
  optional('Backoff Limit', text(spec, 'backoffLimit'));
  optional('TTL Seconds After Finished', text(spec, 'ttlSecondsAfterFinished'));
  const [started, completed] = [text(status, 'startTime'), text(status, 'completionTime')];
  if (started !== '') w.field(0, 'Start Time', longTime(started));
  if (completed !== '') w.field(0, 'Completed At', longTime(completed));
  if (started !== '' && completed !== '') w.field(0, 'Duration', between(started, completed));
  const deadline = text(spec, 'activeDeadlineSeconds');
  if (deadline !== '') w.field(0, 'Active Deadline Seconds', `${deadline}s`);
  const ready = at(status, 'ready') === undefined ? '' : ` (${text(status, 'ready')} Ready)`;
  w.field(
    0,
    'Pods Statuses',
    `${number(status, 'active')} Active${ready} / ${number(status, 'succeeded')} Succeeded / ${number(status, 'failed')} Failed`,
  );
  if (text(spec, 'completionMode') === 'Indexed')
    w.field(0, 'Completed Indexes', cappedIndexes(text(status, 'completedIndexes')));
  describePodTemplate(w, at(spec, 'template'));
});

export const describeCronJob = plain((w, cron) => {
  const spec = at(cron, 'spec');
  head(w, cron);
  w.field(0, 'Schedule', text(spec, 'schedule'));
  w.field(0, 'Concurrency Policy', text(spec, 'concurrencyPolicy'));
  w.field(0, 'Suspend', truthOf(at(spec, 'suspend')));
  w.field(0, 'Successful Job History Limit', unset(at(spec, 'successfulJobsHistoryLimit')));
  w.field(0, 'Failed Job History Limit', unset(at(spec, 'failedJobsHistoryLimit')));
  const deadline = text(spec, 'startingDeadlineSeconds');
  w.field(0, 'Starting Deadline Seconds', deadline === '' ? '<unset>' : `${deadline}s`);
  jobTemplate(w, at(spec, 'jobTemplate', 'spec'));
  const last = text(cron, 'status', 'lastScheduleTime');
  w.field(0, 'Last Schedule Time', last === '' ? '<unset>' : longTime(last));
  const active = list(cron, 'status', 'active').map((job) => text(job, 'name'));
  w.field(0, 'Active Jobs', active.length === 0 ? '<none>' : active.join(', '));
});

function jobTemplate(w: DescribeWriter, spec: JsonObject | unknown): void {
  const selector = at(spec, 'selector');
  w.field(0, 'Selector', selector === undefined ? '<unset>' : labelSelectorText(selector));
  w.field(0, 'Parallelism', unset(at(spec, 'parallelism')));
  w.field(0, 'Completions', unset(at(spec, 'completions')));
  const deadline = text(spec, 'activeDeadlineSeconds');
  if (deadline !== '') w.field(0, 'Active Deadline Seconds', `${deadline}s`);
  describePodTemplate(w, at(spec, 'template'));
}
