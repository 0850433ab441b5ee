import type { MorePage } from '@/parts/useMore'

type Source<Row> = (token: string, signal: AbortSignal) => Promise<{ rows: Row[]; next: string }>

/**
 * One list out of several that each come newest first, page by page. A row is shown only when no
 * source can still have a newer one, so that the order holds across pages. `timeOf` is compared as
 * text: times of one format.
 */
export function mergeNewest<Row>(sources: Source<Row>[], timeOf: (row: Row) => string) {
  let feeds: { ask: Source<Row>; next: string | null; waiting: Row[] }[] = []

  async function fill(signal: AbortSignal): Promise<void> {
    await Promise.all(
      feeds.map(async (feed) => {
        if (feed.waiting.length || feed.next === null) return
        const page = await feed.ask(feed.next, signal)
        feed.waiting = page.rows
        feed.next = page.next || null
      }),
    )
  }

  return async (token: string, signal: AbortSignal): Promise<MorePage<Row>> => {
    if (!token) feeds = sources.map((ask) => ({ ask, next: '', waiting: [] }))
    await fill(signal)
    const rows: Row[] = []
    for (;;) {
      const ready = feeds.filter(({ waiting }) => waiting.length)
      const newest = ready.sort((left, right) => order(left.waiting[0], right.waiting[0]))[0]
      if (!newest) return { rows, next: '' }
      rows.push(newest.waiting[0] as Row)
      newest.waiting = newest.waiting.slice(1)
      if (!newest.waiting.length && newest.next !== null) return { rows, next: 'more' }
    }
  }

  function order(left: Row | undefined, right: Row | undefined): number {
    return left && right ? timeOf(right).localeCompare(timeOf(left)) : 0
  }
}
