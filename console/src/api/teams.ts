import { api, ask, type Message } from './client'

export interface Team {
  department: string
  team: string
}

const PAGE = 200
const MOST_PAGES = 10
let known: Promise<Team[]> | null = null

async function load(): Promise<Team[]> {
  const people: Message<'ownership.v1.Colleague'>[] = []
  let page_token = ''
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { page_size: PAGE, page_token, state: 'STAFF_STATE_ACTIVE' as const }
    const answer = await ask(api.GET('/v1/colleagues', { params: { query } }))
    people.push(...answer.colleagues)
    page_token = answer.next_page_token
    if (!page_token) break
  }
  const found = new Map<string, Team>()
  for (const { department, team } of people) {
    if (department) found.set(`${department}/${team}`, { department, team })
  }
  return [...found.entries()].sort(([a], [b]) => a.localeCompare(b, 'zh')).map(([, team]) => team)
}

/** The departments and teams that people of the company belong to; asked once while the page lives. */
export function allTeams(): Promise<Team[]> {
  known ??= load()
  known.catch(() => (known = null))
  return known
}
