import { reactive } from 'vue'
import { api, ask, requestId, type Message } from '@/api/client'
import { me } from '@/api/session'
import { tellRefusal } from '@/parts/telling'
import { drop, keep, kept } from './keeping'
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
 * chunk keeps its request id until it is answered; after a failure or a reload of the page both go
 * on where they stopped.
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

  function save(): Promise<void> {
    const { part, rows, done, total } = state
    const waiting = chunks.map((chunk) => ({
      id: chunk.id,
      rows: chunk.rows.map((row) => row.number),
    }))
    return keep(me.value, JSON.stringify({ part, rows, done, total, waiting }))
  }

  /** Take up what a reload of the page has interrupted. */
  async function resume(): Promise<void> {
    const text = await kept(me.value)
    if (!text || state.part !== 'idle') return
    const { waiting, ...found } = JSON.parse(text) as Omit<typeof state, 'failed'> & {
      waiting: { id: string; rows: number[] }[]
    }
    Object.assign(state, found, { failed: found.part === 'trying' || found.part === 'entering' })
    const rows = new Map(state.rows.map((row) => [row.number, row]))
    chunks = waiting.map(({ id, rows: numbers }) => ({
      id,
      rows: numbers.flatMap((number) => rows.get(number) ?? []),
    }))
  }

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
    await save()
    try {
      for (let chunk = chunks[0]; chunk && !stopped; chunk = chunks[0]) {
        await send(chunk)
        state.done += chunk.rows.length
        chunks.shift()
        await save()
      }
      if (stopped) state.failed = true
      else state.part = after
      await save()
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
    resume,
    forget: () => {
      Object.assign(state, { part: 'idle', rows: [], done: 0, total: 0, failed: false })
      void drop(me.value)
    },
  }
}

/** Whether the dry run accepted a row and no row above is the same customer. */
export function enterable(row: Row): boolean {
  return row.tried?.accepted === true && row.repeats === undefined
}
