import createClient, { type Middleware } from 'openapi-fetch'
import type { Answer } from './answer'
import { isProblem, Problem, Unreachable } from './problem'
import type { components, paths } from './schema'
import { accessToken, dropToken, renew } from './session'

export type Schemas = components['schemas']
/** A message of the API as it is answered: `Message<'ownership.v1.Position'>`. */
export type Message<Name extends keyof Schemas> = Answer<Schemas[Name]>

const authorise: Middleware = {
  async onRequest({ request }) {
    const token = await accessToken()
    if (token) request.headers.set('authorization', `Bearer ${token}`)
    request.headers.set('accept-language', document.documentElement.lang)
    return request
  },
}

/** The gateway's HTTP API, typed by its OpenAPI document. Prefer `ask`, which throws refusals. */
export const api = createClient<paths>({ baseUrl: '/', fetch: authorisedFetch })
api.use(authorise)

async function authorisedFetch(request: Request): Promise<Response> {
  const again = request.clone()
  let response: Response
  try {
    response = await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new Unreachable()
  }
  if (response.status !== 401) return response
  dropToken()
  try {
    await renew()
  } catch {
    return response
  }
  again.headers.set('authorization', `Bearer ${await accessToken()}`)
  return fetch(again)
}

interface Outcome<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The answer's content, or a thrown Problem or Unreachable. `await ask(api.GET('/v1/pool', …))` */
export async function ask<Data>(call: Promise<Outcome<Data>>): Promise<Answer<NonNullable<Data>>> {
  const { data, error, response } = await call
  if (response.ok) return (data ?? {}) as Answer<NonNullable<Data>>
  if (isProblem(error)) throw new Problem(error)
  throw new Unreachable()
}

/** A new request id: the same command sent twice with it takes effect once. */
export function requestId(): string {
  return crypto.randomUUID()
}
