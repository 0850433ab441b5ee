import { reactive } from 'vue'
import { requestId } from '@/api/client'
import { Problem } from '@/api/problem'
import { i18n } from '@/texts'

export interface BatchRow {
  name: string
  done: boolean
  /** Why not, with its clause. */
  refusal: string
  clause: string
}

export interface BatchState {
  shown: boolean
  running: boolean
  total: number
  results: BatchRow[]
}

/** Why a row was left out without asking the server, in the reader's words. */
export class NotDone extends Error {}

/** A command for several rows, one after the other, with a result for each. See BatchResult. */
export function useBatch<Row>(
  send: (id: string, row: Row) => Promise<unknown>,
  nameOf: (row: Row) => string,
) {
  const state = reactive<BatchState>({ shown: false, running: false, total: 0, results: [] })

  async function run(rows: Row[]): Promise<void> {
    Object.assign(state, { shown: true, running: true, total: rows.length, results: [] })
    for (const row of rows) {
      const result: BatchRow = { name: nameOf(row), done: true, refusal: '', clause: '' }
      try {
        await send(requestId(), row)
      } catch (failure) {
        const known = failure instanceof Problem ? failure.document : null
        result.done = false
        const own = failure instanceof NotDone ? failure.message : i18n.global.t('unreachable')
        result.refusal = known?.detail ?? own
        result.clause = known?.clause ?? ''
      }
      state.results.push(result)
    }
    state.running = false
  }

  return { state, run }
}
