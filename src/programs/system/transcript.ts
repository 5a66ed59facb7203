/** A transcript of commands as blocks, without what differs in each run: times, pids, sizes. */
export function transcript(text: string): readonly string[] {
  const plain = text
    .replace(/^ +(Memory|CPU|Duration|Tasks): .*\n/gm, '')
    .replace(/\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; .*$/gm, 'DATE; AGO')
    .replace(/^\w{3} \d\d \d\d:\d\d:\d\d /gm, 'DATE ')
    .replace(/\[\d+\]: /g, '[PID]: ')
    .replace(/(PID|Process): \d+/g, '$1: PID')
    .replace(/([├└]─)\d+ /g, '$1PID ')
    .replace(/process \d+ /g, 'process PID ')
    .replace(/job identifier is \d+/g, 'job identifier is N')
    .replace(/^(\w+ (?:P|L|NP)) \d{4}-\d\d-\d\d /gm, '$1 DATE ')
    .replace(/^(Last password change\s+: ).*$/gm, '$1DATE')
    .replaceAll('"/bin/sh', '/bin/sh');
  return plain.split(/^(?=[$%] )/m);
}
