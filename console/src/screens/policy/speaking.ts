import { valueOf } from '@/parts/why/facts'
import { language, word } from '@/texts'
import { texts } from './texts'

const GROUPS = ['role', 'category', 'kind', 'field', 'penalty', 'scope']

function named(code: string): string {
  const choice = (texts[language()].choice as Record<string, string>)[code]
  if (choice) return choice
  for (const group of GROUPS) {
    const found = word(group, code)
    if (found !== code) return found
  }
  return valueOf(code)
}

/** A value of a policy in words: codes by their names, grants as roles, pairs as `name: values`. */
export function spoken(value: unknown): string {
  const zh = language() === 'zh'
  if (Array.isArray(value)) return value.map(spoken).join(zh ? '、' : ', ')
  if (typeof value !== 'object' || value === null) return named(String(value))
  const { role, scope, ...rest } = value as Record<string, unknown>
  if (role !== undefined && Object.keys(rest).length === 0) {
    const reach = scope === undefined ? '' : named(String(scope))
    return named(String(role)) + (reach && (zh ? `（${reach}）` : ` (${reach})`))
  }
  return Object.entries(value)
    .map(([name, one]) => `${named(name)}${zh ? '：' : ': '}${spoken(one)}`)
    .join(zh ? '；' : '; ')
}
