import { onScopeDispose, reactive, shallowRef } from 'vue'

interface Found<Row> {
  rows: Row[]
  more: boolean
}

/**
 * What the server suggests for a text while it is typed. An answer that a later text has overtaken is
 * dropped; without a text there is nothing. `failed` holds why the last asking failed.
 */
export function useSuggestions<Row>(
  fetch: (query: string, signal: AbortSignal) => Promise<Found<Row>>,
) {
  const found = shallowRef<Row[]>([])
  const state = reactive({ typed: '', busy: false, more: false, failed: null as unknown })
  let asked: AbortController | null = null

  async function search(text: string): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    state.typed = text.trim()
    state.busy = state.typed !== ''
    try {
      const nothing = { rows: [], more: false }
      const answer = state.typed ? await fetch(state.typed, mine.signal) : nothing
      if (mine !== asked) return
      found.value = answer.rows
      state.more = answer.more
      state.failed = null
    } catch (failure) {
      if (mine === asked) state.failed = failure
    } finally {
      if (mine === asked) state.busy = false
    }
  }

  onScopeDispose(() => asked?.abort())
  return { found, state, search }
}
