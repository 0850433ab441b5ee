/** To whom or where a customer goes: a staff id, a place of the API, or nowhere yet. */
export type Target = string

export const PLACES = ['LOCATION_PUBLIC_POOL', 'LOCATION_AWAITING_DISTRIBUTION'] as const
export type Place = (typeof PLACES)[number]

export function isPlace(target: Target): target is Place {
  return (PLACES as readonly string[]).includes(target)
}

/** Deal the customers out in turn, so that nobody gets two more than another. */
export function spread(customers: string[], among: Target[]): Record<string, Target> {
  if (!among.length) return {}
  return Object.fromEntries(customers.map((id, at) => [id, among[at % among.length] ?? '']))
}

/** An item of a plan as the API takes it. */
export function item(customer_id: string, target: Target) {
  return isPlace(target)
    ? { customer_id, to_location: target }
    : { customer_id, to_staff_id: target }
}
