import { api, ask, type Message } from './client'

let known: Promise<Message<'review.v1.CaseType'>[]> | null = null

/** The case types of the policy in force; asked once while the page lives. */
export function caseTypes(): Promise<Message<'review.v1.CaseType'>[]> {
  known ??= ask(api.GET('/v1/caseTypes')).then(({ case_types }) => case_types)
  known.catch(() => (known = null))
  return known
}

/** Ask again next time: another policy may be in force. */
export function forgetCaseTypes(): void {
  known = null
}

/** The name of the case type whose approval sets off `flow`, as `claim`; empty when there is none. */
export async function caseTypeFor(flow: string): Promise<string> {
  return (await caseTypes()).find((type) => type.flow === flow)?.case_type ?? ''
}
