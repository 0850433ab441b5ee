/** A column of a DataTable. */
export interface Column<Row> {
  /** Its name, also that of the slot that draws it. */
  key: string
  title: { zh: string; en: string }
  /** The cell as text: what is shown without a slot, and what is exported. */
  text: (row: Row) => string | number
  /** The API's word to sort by; absent where the API does not sort. */
  order?: string
  /** Pixels, at least. */
  width?: number
  /** Stays at the left and cannot be hidden. */
  fixed?: boolean
  number?: boolean
  /** Hidden until somebody chooses it. */
  optional?: boolean
}

/** What `useList` returns, as far as a table uses it. */
export interface ListState<Row> {
  rows: Row[]
  order: string
  size: number
  sizes: number[]
  total?: number
  capped: boolean
  loading: boolean
  error: unknown
  page: number
  hasNext: boolean
  filtered: boolean
  apply: () => void
  sortBy: (order: string) => void
  resize: (size: number) => void
  reset: () => void
  forward: () => void
  back: () => void
  reload: () => Promise<void>
  everything: (most: number, progress: (rows: number) => void) => Promise<Row[]>
}

/** `NAME desc` as the API's two fields. The first word is one of its enum's values. */
export function sorted<Order extends string>(
  order_by: string,
): { order?: Order; descending?: boolean } {
  const [order, direction] = order_by.split(' ')
  return order ? { order: order as Order, descending: direction === 'desc' } : {}
}
