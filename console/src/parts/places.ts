import type { RouteLocationRaw, Router } from 'vue-router'

/** Open a customer's drawer over the screen that is shown; the address keeps it. */
export function openCustomer(router: Router, customerId: string): void {
  const here = router.currentRoute.value
  void router.push({ query: { ...here.query, customer: customerId } })
}

/** Open a decision over the screen that is shown. */
export function openWhy(router: Router, service: string, decisionId: string): void {
  const here = router.currentRoute.value
  void router.push({ query: { ...here.query, why: `${service}/${decisionId}` } })
}

/** Close what one of these has opened. */
export function closePlace(router: Router, name: 'customer' | 'why'): void {
  const kept = Object.entries(router.currentRoute.value.query).filter(([key]) => key !== name)
  void router.push({ query: Object.fromEntries(kept) })
}

/** Go to the rows behind a figure; stay where nobody has a screen for them. */
export function openRows(router: Router, to: RouteLocationRaw): void {
  if (router.resolve(to).name !== 'nowhere') void router.push(to)
}
