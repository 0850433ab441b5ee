import { createParser } from 'eventsource-parser'
import { onScopeDispose } from 'vue'
import { accessToken, session } from './session'

/** What changed, never what it is now: who shows it asks again. Without a subject: anything of it. */
export interface Hint {
  topic: string
  subject_id: string
}
type Listener = (hint: Hint) => void

const NAME = 'crm-changes'
const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000]
/** A hint reaches every browser of the company at once; they do not ask again all at once. */
const SPREAD_MS = 1_000

const listeners = new Map<string, Set<Listener>>()
const tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME)
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

function hear(hint: Hint): void {
  const wanted = listeners.get(hint.topic)
  if (wanted?.size) {
    setTimeout(() => wanted.forEach((listener) => listener(hint)), Math.random() * SPREAD_MS)
  }
}

if (tabs) tabs.onmessage = (message: MessageEvent<Hint>) => hear(message.data)

/** Hold the one stream of this browser; other tabs wait for their turn and are told meanwhile. */
async function listen(): Promise<void> {
  running = true
  await (navigator.locks ? navigator.locks.request(NAME, hold) : hold())
  running = false
}

async function hold(): Promise<void> {
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
      if (!hint.topic) return
      tabs?.postMessage(hint)
      hear(hint)
    },
  })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    parser.feed(value)
  }
}
