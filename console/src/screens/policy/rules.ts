import { api, ask, type Message } from '@/api/client'
import { SERVICES } from '@/api/permissions'

export type Service = string
export type Parameter = Message<'operations.v1.PolicyParameter'>
export type Policy = Message<'operations.v1.Policy'>
export type Difference = Message<'operations.v1.PolicyDifference'>

/** A parameter of the version of a service that is in force. */
export interface Ruled {
  key: string
  service: Service
  parameter: Parameter
}

const MOST_VERSIONS = 50

/** The newest versions of a service, without their parameters. */
export async function versionsOf(service: Service, signal?: AbortSignal): Promise<Policy[]> {
  const params = { path: { service }, query: { page_size: MOST_VERSIONS, brief: true } }
  const found = await ask(api.GET('/v1/services/{service}/policies', { params, signal }))
  return found.policies
}

/** Every parameter in force of every service, by clause, and when that changes next. */
export async function rulesInForce(signal: AbortSignal): Promise<{ rules: Ruled[]; next: string }> {
  const versions: Policy[] = []
  const read = async (service: Service): Promise<Ruled[]> => {
    const policies = await versionsOf(service, signal)
    const current = policies.find((policy) => policy.in_force)
    versions.push(...policies)
    if (!current) return []
    const params = { path: { service, version: current.version } }
    const found = await ask(
      api.GET('/v1/services/{service}/policies/{version}', { params, signal }),
    )
    return (found.policy?.parameters ?? []).map((parameter) => ({
      key: keyOf(service, parameter.name),
      service,
      parameter,
    }))
  }
  const found = (await Promise.all(SERVICES.map(read))).flat()
  const order = new Intl.Collator('en', { numeric: true })
  found.sort((left, right) => order.compare(left.parameter.clause, right.parameter.clause))
  return { rules: found, next: nextTurn(versions) }
}

/** When the next of these versions takes over; empty when none is planned. */
export function nextTurn(policies: Policy[]): string {
  const now = Date.now()
  const planned = policies.map(({ start_time }) => start_time ?? '')
  return planned.filter((start) => Date.parse(start) > now).sort()[0] ?? ''
}

export function keyOf(service: Service, name: string): string {
  return `${service}/${name}`
}
