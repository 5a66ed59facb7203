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
    // apt: what other packages there are differs.
    .replace(/(\r?\(Reading database [^\r\n]*)+\n/g, '(Reading database)\n')
    .replace(/\d+ not upgraded/g, 'N not upgraded')
    .replace(/^Fetched .*$/gm, 'Fetched')
    .replace(/^Get:\d.*$/gm, 'Get')
    .replace(/^Need to get .*$/gm, 'Need')
    .replace(
      /^(debconf: delaying|Processing triggers|E: Can not write log|Processing trig|However the following|Package xxd is not available|This may mean|is only available|  vim-common|  manpages).*\n+/gm,
      '',
    )
    .replaceAll('"/bin/sh', '/bin/sh');
  return plain.split(/^(?=[$%] )/m);
}
