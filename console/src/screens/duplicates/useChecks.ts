import { computed, reactive, watch } from 'vue'
import { api, ask, requestId, type Message } from '@/api/client'
import { Problem } from '@/api/problem'
import { session } from '@/api/session'

export type Check = Message<'customers.v1.DuplicateCheck'>

/** A name, and what its check found or why there was none. */
export interface Checked {
  name: string
  check?: Check
  /** Why not; null when the server was away. */
  failure?: Problem | null
}

const AT_ONCE = 3
export const MOST = 100

// Kept while the reader looks at another screen, forgotten when somebody else signs in.
const state = reactive({ text: '', results: [] as Checked[], running: false, total: 0 })
let stopped = false

watch(
  () => session.person,
  () => {
    stopped = true
    Object.assign(state, { text: '', results: [], running: false, total: 0 })
  },
)

/** The names of a pasted text, each once, in their order. */
export function namesOf(text: string): string[] {
  const lines = text.split(/[\n\t]/).map((line) => line.trim())
  return [...new Set(lines.filter(Boolean))]
}

async function checkOne(checked: Checked): Promise<void> {
  checked.failure = undefined
  try {
    const body = { full_name: checked.name, request_id: requestId() }
    checked.check = (await ask(api.POST('/v1/duplicateChecks', { body }))).duplicate_check
  } catch (failure) {
    checked.failure = failure instanceof Problem ? failure : null
  }
}

/** Several names checked, a few at a time, shown in the order they were given. */
export function useChecks() {
  async function run(): Promise<void> {
    const waiting = namesOf(state.text).slice(0, MOST)
    Object.assign(state, { results: [], total: waiting.length, running: true })
    stopped = false
    const results = state.results
    async function work(): Promise<void> {
      for (let name = waiting.shift(); name && !stopped; name = waiting.shift()) {
        results.push({ name })
        await checkOne(results.at(-1) as Checked)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    if (results === state.results) state.running = false
  }

  return {
    state,
    names: computed(() => namesOf(state.text)),
    run,
    again: checkOne,
    stop: () => (stopped = true),
    clear: () => Object.assign(state, { results: [], total: 0 }),
  }
}
