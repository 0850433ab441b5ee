import { reactive } from 'vue'
import { Problem, type ProblemDocument } from '@/api/problem'
import { i18n } from '@/texts'

/** What is to be told; the frame of the desktop and that of the phone each show it in their way. */
export const told = reactive<{
  /** A refusal, shown in full until it is read. */
  refusal: ProblemDocument | null
  /** A short message; `number` grows with each. */
  message: { text: string; kind: 'success' | 'error'; number: number } | null
}>({ refusal: null, message: null })

function tell(text: string, kind: 'success' | 'error'): void {
  told.message = { text, kind, number: (told.message?.number ?? 0) + 1 }
}

/** Tell that something was not done. Returns whether the server answered (true) or was away. */
export function tellRefusal(failure: unknown): boolean {
  if (failure instanceof Problem) {
    told.refusal = failure.document
    return true
  }
  tell(i18n.global.t('unreachable'), 'error')
  return false
}

export function tellSuccess(text: string): void {
  tell(text, 'success')
}
