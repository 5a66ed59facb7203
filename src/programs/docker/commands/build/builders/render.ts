import type { Column } from '../../../cli/table';
import { goMarshal } from '../progress/display';

/** Columns from their keys, each with its header and its cell. */
export const columnsOf = <T>(
  columns: Readonly<Record<string, readonly [string, (item: T) => string]>>,
): readonly Column<T>[] => Object.entries(columns).map(([key, [header, cell]]) => ({ key, header, cell }));

/** A map as encoding/json writes it. */
export const goJson = (value: Readonly<Record<string, unknown>>): string => goMarshal(value);
