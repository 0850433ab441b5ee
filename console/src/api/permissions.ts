import { reactive, watch } from 'vue'
import { api, ask, type Schemas } from './client'
import { session } from './session'

/** The services; as an actor, one of these names means that the rules acted by themselves. */
export const SERVICES: readonly string[] = [
  'customers',
  'ownership',
  'review',
  'activity',
  'scheduler',
]
type Scope = Schemas['operations.v1.PermissionScope']

const granted = reactive(new Map<string, Scope>())

/** Ask every service what the caller may do. Called once after sign-in. */
export async function loadPermissions(): Promise<void> {
  const answers = await Promise.all(
    SERVICES.map((service) =>
      ask(api.GET('/v1/services/{service}/permissions', { params: { path: { service } } })),
    ),
  )
  granted.clear()
  answers.forEach((answer, at) =>
    answer.permissions.forEach((permission) =>
      granted.set(`${SERVICES[at]}.${permission.name}`, permission.scope),
    ),
  )
}

/**
 * Whether the policy in force grants any of these, as `ownership.claim.permission` (the names are in
 * docs/permissions.md). The services decide anyway.
 */
export function may(...names: string[]): boolean {
  return names.some((name) => granted.has(name))
}

/** How far a grant reaches: the caller's team, department, or the company. */
export function reach(name: string): Scope | undefined {
  return granted.get(name)
}

watch(
  () => session.person,
  (person) => person ?? granted.clear(),
)
