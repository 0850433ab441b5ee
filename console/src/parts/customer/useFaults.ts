import { ref } from 'vue'
import type { Problem } from '@/api/problem'

export interface Fault {
  zh: string
  en: string
  clause: string
}

/** What is wrong with the fields of a form, by field; each fault with its clause. */
export type Faults = Record<string, Fault[]>

/** The field that a pointer of a problem document names: `#/phones/0`, `#/form/phones` are phones. */
export function fieldOf(pointer: string): string {
  const parts = pointer.replace(/^#?\//, '').split('/')
  return (parts[0] === 'form' ? parts[1] : parts[0]) ?? ''
}

/** The faults that a refusal names, to be shown at their fields. */
export function useFaults() {
  const faults = ref<Faults>({})

  /** Take over the faults of a refusal; whether every one is of these fields, so that all are seen. */
  function take(refusal: Problem, fields: string[]): boolean {
    faults.value = {}
    for (const { pointer, detail_zh, detail_en, clause } of refusal.document.errors) {
      const list = (faults.value[fieldOf(pointer)] ??= [])
      list.push({ zh: detail_zh, en: detail_en, clause })
    }
    const named = Object.keys(faults.value)
    return named.length > 0 && named.every((field) => fields.includes(field))
  }

  /** Forget what was wrong with a field that is being changed. */
  function forget(field: string): void {
    faults.value = Object.fromEntries(
      Object.entries(faults.value).filter(([name]) => name !== field),
    )
  }

  return { faults, take, forget }
}
