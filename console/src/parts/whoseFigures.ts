import { reach } from '@/api/permissions'
import { session } from '@/api/session'

export interface Whose {
  staff_id?: string
  department?: string
  team?: string
}

/**
 * Whose activity the reader may add up: everybody's, the own department's or team's, else the own.
 * What is `wanted` narrows it; the service refuses what lies beyond.
 */
export function whoseFigures(wanted: Whose = {}): Whose {
  if (wanted.staff_id) return { staff_id: wanted.staff_id }
  const scope = reach('activity.follow_ups.readers')
  const { department = '', team = '' } = session.person ?? {}
  if (scope === 'PERMISSION_SCOPE_COMPANY') return wanted
  if (scope === 'PERMISSION_SCOPE_DEPARTMENT') return { department, team: wanted.team ?? '' }
  return scope === 'PERMISSION_SCOPE_TEAM' ? { department, team } : { staff_id: 'me' }
}
