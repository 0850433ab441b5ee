import { createParser } from 'eventsource-parser'
import { onScopeDispose } from 'vue'
import { accessToken, session } from './session'

/** What changed, never what it is now: who is shown it asks again. */
export interface Hint {
  topic: string
  subject_id: string
}
type Listener = (hint: Hint) => void

const listeners = new Map<string, Set<Listener>>()
const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000]
let running = false
let lastId = ''

/** Call `listener` when something of these topics changed, until the component goes. */
export function onChange(topics: string[], listener: Listener): void {
  for (const topic of topics) {
    const set = listeners.get(topic) ?? new Set()
    listeners.set(topic, set.add(listener))
  }
  onScopeDispose(() => topics.forEach((topic) => listeners.get(topic)?.delete(listener)))
  if (!running) void listen()
}

async function listen(): Promise<void> {
  running = true
  let failures = 0
  while (session.person) {
    const token = await accessToken()
    try {
      if (token) await read(token, () => (failures = 0))
    } catch {
      // The stream comes back by itself; lists stay usable without it.
    }
    const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
  running = false
}

async function read(token: string, opened: () => void): Promise<void> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  if (lastId) headers['last-event-id'] = lastId
  const response = await fetch('/v1/changes', { headers })
  if (!response.ok || !response.body) throw new Error(String(response.status))
  opened()
  const parser = createParser({
    onEvent(event) {
      lastId = event.id ?? lastId
      const hint = JSON.parse(event.data) as Hint
      listeners.get(hint.topic)?.forEach((listener) => listener(hint))
    },
  })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    parser.feed(value)
  }
}
