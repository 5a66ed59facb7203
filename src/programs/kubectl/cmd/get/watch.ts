import type { Cli } from '../../cli';
import { Failure, StatusError } from '../../errors';
import { isList, isObject, kindOf, list, text, type JsonObject } from '../../json';
import { TablePrinter } from '../../printers/table';
import { TabWriter } from '../../../toolkit/tabwriter';
import { build } from '../../resource/builder';
import { apiVersionOf, pathOf } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import { builderOptions, formatPrinter, human, plainTable, serverPrint, tableOptions } from './get';

/** `kubectl get -w`: what is there, then changes until interrupted. Source: kubectl pkg/cmd/get/get.go, watch. */
export async function watch(cli: Cli): Promise<void> {
  const { flags } = cli;
  const options = builderOptions(cli);
  const result = await build(cli, { ...options, singleType: true });
  const infos = await result.infos();
  const [info] = infos;
  if (info === undefined) return;
  if (infos.length > 1)
    throw new Failure(
      'watch is only supported on individual resources and resource collections - more than 1 resource was found',
    );
  const { mapping, object = {} } = info;
  const all = flags.bool('all-namespaces');
  const withEvents = flags.bool('output-watch-events');
  const writer = new TabWriter();
  const table = human(cli) ? new TablePrinter(tableOptions(cli, mapping, all, false)) : undefined;
  const printer = table ? undefined : formatPrinter(cli);
  const show = async (value: JsonObject, type: string): Promise<void> => {
    if (table) {
      table.print(kindOf(value) === 'Table' ? value : plainTable(value, cli), writer, withEvents ? type : undefined);
      await cli.out(writer.flush());
    } else if (printer) {
      const whole = { apiVersion: apiVersionOf(mapping), kind: mapping.kind, ...value };
      await cli.out(printer.print(withEvents ? { type, object: whole } : whole));
    }
  };
  const single = kindOf(object) !== 'Table' ? !isList(object) : info.name !== '';
  if (!flags.bool('watch-only')) {
    if (table) await show(object, 'ADDED');
    else
      for (const item of isList(object) ? list(object, 'items').filter(isObject) : [object]) await show(item, 'ADDED');
  } else if (table && kindOf(object) === 'Table') {
    // The columns are known from here on; rows come with the events.
    table.print({ ...object, rows: [] }, writer);
  }
  let skip = single;
  const query = {
    watch: true,
    ...(flags.string('sort-by') !== '' && serverPrint(cli) ? { includeObject: 'Object' } : {}),
    resourceVersion: single ? '0' : text(object, 'metadata', 'resourceVersion'),
    ...(flags.string('selector') === '' ? {} : { labelSelector: flags.string('selector') }),
    ...(flags.string('field-selector') === '' ? {} : { fieldSelector: flags.string('field-selector') }),
    ...(info.name === '' ? {} : { fieldSelector: `metadata.name=${info.name}` }),
  };
  const path = pathOf(mapping, info.namespace);
  const events = await cli.factory.client.watch(path, {
    accept: serverPrint(cli) ? accepts.table : accepts.json,
    query,
  });
  for (let event = await events.next(); event !== undefined; event = await events.next()) {
    if (event.type === 'ERROR') throw new StatusError(event.object as unknown as StatusError['status']);
    if (event.type === 'BOOKMARK') continue;
    // The watch of a single object begins with an event that only repeats it.
    if (skip) {
      skip = false;
      continue;
    }
    await show(event.object, event.type);
  }
}
