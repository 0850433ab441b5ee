import { language } from '@/texts'
import { texts } from './texts'

/** What acts by itself: these are who asked for a decision that nobody asked for. */
export const SERVICES = ['customers', 'ownership', 'review', 'activity', 'scheduler', 'gateway']

type Tone = 'success' | 'danger' | 'warning' | 'info' | 'primary'
const TONES: Record<string, Tone> = {
  granted: 'success',
  refused: 'danger',
  late: 'danger',
  banned: 'danger',
  waiting: 'warning',
  skipped: 'warning',
}

function own() {
  return texts[language()]
}

/** What was to be done, in words. An unknown action is shown as the service wrote it. */
export function actionOf(action: string): string {
  return (own().action as Record<string, string>)[action] ?? action.replaceAll('_', ' ')
}

/** How it ended, in words. */
export function outcomeOf({ action, outcome }: { action: string; outcome: string }): string {
  const words = own().outcome as Record<string, string>
  return words[`${action}_${outcome}`] ?? words[outcome] ?? outcome.replaceAll('_', ' ')
}

export function toneOf(outcome: string): Tone {
  return TONES[outcome] ?? 'primary'
}

/** What follows from it; empty where nothing does. A refusal changes nothing, but a rejection does. */
export function thenOf({ action, outcome }: { action: string; outcome: string }): string {
  const words = own().then as Record<string, string>
  if (outcome === 'refused' && action !== 'reject') return words.refused ?? ''
  return words[action] ?? ''
}
