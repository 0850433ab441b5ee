import { onScopeDispose, reactive, shallowRef } from 'vue'
import { useDebounceFn } from '@vueuse/core'
import { onChange } from '@/api/live'

/**
 * What the server answers now, asked again on hints of the topics. `value` stays while it is asked
 * again; `error` holds why the last asking failed.
 */
export function useAnswer<Value>(
  fetch: (signal: AbortSignal) => Promise<Value>,
  topics: string[] = [],
) {
  const value = shallowRef<Value>()
  const state = reactive({ loading: false, error: null as unknown })
  let asked: AbortController | null = null

  async function reload(): Promise<void> {
    asked?.abort()
    const mine = (asked = new AbortController())
    state.loading = true
    try {
      const answer = await fetch(mine.signal)
      if (mine !== asked) return
      value.value = answer
      state.error = null
    } catch (failure) {
      if (mine === asked) state.error = failure
    } finally {
      if (mine === asked) state.loading = false
    }
  }

  if (topics.length) onChange(topics, useDebounceFn(reload, 500, { maxWait: 3000 }))
  onScopeDispose(() => asked?.abort())
  void reload()
  return { value, state, reload }
}
