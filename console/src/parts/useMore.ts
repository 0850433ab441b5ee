import { onScopeDispose, reactive, shallowRef } from 'vue'

export interface MorePage<Row> {
  rows: Row[]
  next: string
  total?: number
}

/** A list that grows by a page when its reader asks for more. `reload` begins anew. */
export function useMore<Row>(
  fetch: (token: string, signal: AbortSignal) => Promise<MorePage<Row>>,
) {
  const rows = shallowRef<Row[]>([])
  const state = reactive({
    loading: false,
    failed: null as unknown,
    total: undefined as number | undefined,
    next: '' as string | null,
  })
  let asked: AbortController | null = null

  async function ask(token: string): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    state.loading = true
    state.failed = null
    try {
      const page = await fetch(token, mine.signal)
      if (mine !== asked) return
      rows.value = token ? [...rows.value, ...page.rows] : page.rows
      state.next = page.next || null
      state.total = page.total
    } catch (failure) {
      if (mine === asked) state.failed = failure
    } finally {
      if (mine === asked) state.loading = false
    }
  }

  onScopeDispose(() => asked?.abort())
  void ask('')

  return reactive({ rows, state, more: () => ask(state.next ?? ''), reload: () => ask('') })
}
