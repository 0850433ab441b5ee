import { computed, reactive, readonly } from 'vue'
import { isProblem, Problem, Unreachable } from './problem'

export interface Person {
  staff_id: string
  display_name: string
  roles: string[]
  department: string
  team: string
}

interface Grant {
  access_token: string
  expires_in: number
  staff: Person
}

const RENEW_BEFORE_SECONDS = 60
const HEADERS = { 'x-requested-with': 'crm-console', 'content-type': 'application/json' }

// The access token lives in this variable only; the refresh token in a cookie that no script can read.
let token = ''
let expiresAt = 0

const state = reactive<{ person: Person | null; asked: boolean }>({ person: null, asked: false })

/** Who is signed in; `asked` once the server has said whether anybody is. */
export const session = readonly(state)
export const me = computed(() => state.person?.staff_id ?? '')

async function post(path: string, body: unknown): Promise<Grant | null> {
  let response: Response
  try {
    response = await fetch(`/session/${path}`, {
      method: 'POST',
      headers: { ...HEADERS, 'accept-language': document.documentElement.lang },
      body: JSON.stringify(body),
      credentials: 'same-origin',
    })
  } catch {
    throw new Unreachable()
  }
  if (response.status === 204) return null
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Grant
  if (isProblem(answer)) throw new Problem(answer)
  throw new Unreachable()
}

function accept(grant: Grant | null): void {
  token = grant?.access_token ?? ''
  expiresAt = grant ? Date.now() + grant.expires_in * 1000 : 0
  state.person = grant?.staff ?? null
  state.asked = true
}

/** Sign in. Throws the Problem of a wrong name or password. */
export async function signIn(username: string, password: string): Promise<void> {
  accept(await post('sign-in', { username, password }))
}

/** Sign out here; the server forgets the session. */
export async function signOut(): Promise<void> {
  await post('sign-out', {}).catch(() => null)
  accept(null)
}

let renewing: Promise<void> | null = null

/** Renew the access token, once at a time in this page and one tab after the other. */
export function renew(): Promise<void> {
  renewing ??= (async () => {
    const exchange = async () => accept(await post('renew', {}))
    await (navigator.locks ? navigator.locks.request('crm-renew', exchange) : exchange())
  })()
    .catch((error: unknown) => {
      if (error instanceof Problem) accept(null)
      throw error
    })
    .finally(() => {
      renewing = null
    })
  return renewing
}

/** A token that lasts at least another minute; empty when nobody is signed in. */
export async function accessToken(): Promise<string> {
  const ending = expiresAt - Date.now() < RENEW_BEFORE_SECONDS * 1000
  if (token && ending) await renew().catch(() => null)
  return token
}

/** Forget the token that the server has just refused. */
export function dropToken(): void {
  token = ''
}
