import { reactive } from 'vue'
import type { Parameter, Ruled, Service } from './rules'

/** A value that is to replace that of a parameter. */
export interface Change {
  service: Service
  parameter: Parameter
  value: unknown
  /** Other sentences; where empty the present one stays, with its number exchanged. */
  zh: string
  en: string
}

/** What is to be applied together: changed values, or services that return to an earlier version. */
export interface Draft {
  changes: Record<string, Change>
  returns: Record<Service, number | undefined>
  shown: boolean
}

export function useDraft() {
  const draft = reactive<Draft>({ changes: {}, returns: {}, shown: false })

  function add({ key, service, parameter }: Ruled): void {
    draft.changes[key] ??= {
      service,
      parameter,
      value: structuredClone(parameter.value),
      zh: '',
      en: '',
    }
    draft.shown = true
  }

  function returnTo(service: Service, version: number): void {
    draft.returns[service] = version
    draft.shown = true
  }

  return { draft, add, returnTo }
}

/** The services that a draft concerns. */
export function concerned(draft: Draft): Service[] {
  const services = Object.values(draft.changes).map((change) => change.service)
  return [...new Set([...services, ...returning(draft)])]
}

/** The services that are to return to an earlier version. */
export function returning(draft: Draft): Service[] {
  return Object.keys(draft.returns).filter((service) => draft.returns[service])
}

/** What the API is to be given of a draft for one service. */
export function bodyOf(draft: Draft, service: Service) {
  const changes = Object.values(draft.changes)
    .filter((change) => change.service === service)
    .map(({ parameter, value, zh, en }) => ({
      name: parameter.name,
      value: value as never,
      zh,
      en,
    }))
  return { changes, base_version: draft.returns[service] ?? 0 }
}
