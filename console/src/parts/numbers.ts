import { language } from '@/texts'

function locale(): string {
  return language() === 'zh' ? 'zh-CN' : 'en'
}

export function count(value: number): string {
  return new Intl.NumberFormat(locale()).format(value)
}

/** Money from cents: `¥1,234.50`. The API prints 64-bit integers as texts. */
export function money(cents: number | string): string {
  return new Intl.NumberFormat(locale(), { style: 'currency', currency: 'CNY' }).format(
    Number(cents) / 100,
  )
}

/** A share between 0 and 1 as `37 %`. */
export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), {
    style: 'percent',
    maximumFractionDigits: digits,
  }).format(share)
}
