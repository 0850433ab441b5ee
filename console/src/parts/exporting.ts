import { said } from '@/texts'
import { tellRefusal } from './telling'
import { today } from './time'
import type { Column, ListState } from './table'

export const MOST_ROWS = 50_000

/**
 * Save what the list shows, all its pages, as a CSV file that Excel opens in Chinese. A cell that a
 * spreadsheet would run as a formula is prefixed by an apostrophe.
 */
export async function exportRows<Row>(
  name: string,
  columns: Column<Row>[],
  list: ListState<Row>,
  progress: (rows: number) => void,
): Promise<void> {
  try {
    const rows = await list.everything(MOST_ROWS, progress)
    await saveTable(
      name,
      columns.map((column) => said(column.title)),
      rows.map((row) => columns.map((column) => column.text(row))),
    )
  } catch (failure) {
    tellRefusal(failure)
  }
}

/** Save a table as a CSV file named `<name>-<day>.csv`. */
export async function saveTable(
  name: string,
  head: string[],
  rows: (string | number)[][],
): Promise<void> {
  const { default: papa } = await import('papaparse')
  const content = papa.unparse({ fields: head, data: rows }, { escapeFormulae: true })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(['\uFEFF', content], { type: 'text/csv' }))
  link.download = `${name}-${today()}.csv`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
