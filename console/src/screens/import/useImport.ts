import { reactive } from 'vue'
import { api, ask, requestId, type Message } from '@/api/client'
import { tellRefusal } from '@/parts/telling'
import type { Form } from './sheet'

export type Imported = Message<'customers.v1.ImportedRow'>

/** A row of the file on its way: what the dry run said, then what became of it. */
export interface Row {
  number: number
  form: Form
  tried?: Imported
  entered?: Imported
  /** Stands for a row above that is the same customer. */
  repeats?: number
}

type Part = 'idle' | 'trying' | 'tried' | 'entering' | 'entered'

const CHUNK = 200

/**
 * Rows through the gates of the service in chunks: first a dry run, then the accepted ones once. A
 * chunk keeps its request id until it is answered; after a failure both go on where they stopped.
 */
export function useImport() {
  const state = reactive({
    part: 'idle' as Part,
    rows: [] as Row[],
    done: 0,
    total: 0,
    failed: false,
  })
  let chunks: { id: string; rows: Row[] }[] = []
  let stopped = false

  function prepare(rows: Row[]): void {
    chunks = []
    for (let at = 0; at < rows.length; at += CHUNK) {
      chunks.push({ id: requestId(), rows: rows.slice(at, at + CHUNK) })
    }
    state.done = 0
    state.total = rows.length
  }

  async function go(during: Part, after: Part, send: (chunk: (typeof chunks)[0]) => Promise<void>) {
    state.part = during
    state.failed = stopped = false
    try {
      for (let chunk = chunks[0]; chunk && !stopped; chunk = chunks[0]) {
        await send(chunk)
        state.done += chunk.rows.length
        chunks.shift()
      }
      if (stopped) state.failed = true
      else state.part = after
    } catch (failure) {
      tellRefusal(failure)
      state.failed = true
    }
  }

  async function send(rows: Row[], validate_only: boolean, request_id: string) {
    const body = { rows: rows.map((row) => row.form), validate_only, request_id }
    return (await ask(api.POST('/v1/customers:import', { body }))).rows
  }

  async function goOnTrying(): Promise<void> {
    const first = new Map<string, number>()
    for (const { tried, number } of state.rows) {
      if (tried?.accepted && !first.has(tried.identity_digest))
        first.set(tried.identity_digest, number)
    }
    await go('trying', 'tried', async (chunk) => {
      const found = await send(chunk.rows, true, chunk.id)
      chunk.rows.forEach((row, at) => {
        row.tried = found[at]
        const digest = row.tried?.identity_digest
        if (!digest || !row.tried?.accepted) return
        if (first.has(digest)) row.repeats = first.get(digest)
        else first.set(digest, row.number)
      })
    })
  }

  async function goOnEntering(): Promise<void> {
    await go('entering', 'entered', async (chunk) => {
      const found = await send(chunk.rows, false, chunk.id)
      chunk.rows.forEach((row, at) => (row.entered = found[at]))
    })
  }

  /** Say what would become of these rows. */
  async function tryRows(forms: Form[]): Promise<void> {
    state.rows = forms.map((form, at) => ({ number: at + 2, form }))
    prepare(state.rows)
    await goOnTrying()
  }

  /** Enter what the dry run accepted and no row above repeats. */
  async function enter(): Promise<void> {
    prepare(state.rows.filter(enterable))
    await goOnEntering()
  }

  return {
    state,
    tryRows,
    enter,
    goOn: () => (state.part === 'trying' ? goOnTrying() : goOnEntering()),
    stop: () => (stopped = true),
    forget: () =>
      Object.assign(state, { part: 'idle', rows: [], done: 0, total: 0, failed: false }),
  }
}

/** Whether the dry run accepted a row and no row above is the same customer. */
export function enterable(row: Row): boolean {
  return row.tried?.accepted === true && row.repeats === undefined
}
