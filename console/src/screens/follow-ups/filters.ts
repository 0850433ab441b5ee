/** Which follow-ups are shown: everything as long as nothing is chosen. */
export const NO_FILTERS = {
  query: '',
  first_date: '',
  last_date: '',
  kind: '',
  validity: '',
  author: '',
  department: '',
  team: '',
}

export const KINDS = [
  'FOLLOW_UP_KIND_VISIT',
  'FOLLOW_UP_KIND_CALL',
  'FOLLOW_UP_KIND_MESSAGE',
  'FOLLOW_UP_KIND_OTHER',
] as const

/** What counts, what does not, and what counts but is to be looked at. */
export const VALIDITIES = ['VALIDITY_VALID', 'VALIDITY_INVALID', 'flagged'] as const

/** Whose follow-ups are looked at; all that the reader may see where nothing is said. */
export interface Wanted {
  author: string
  department: string
  team: string
}
