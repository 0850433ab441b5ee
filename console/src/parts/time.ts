import { language } from '@/texts'

/** Times are shown in the company's time zone, wherever the reader is. */
let zone = 'Asia/Shanghai'

export function setTimeZone(name: string): void {
  zone = name
}

function parts(time: Date): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
}

/** `2026-11-22`, the company's day of a moment. */
export function day(time: string | Date | undefined): string {
  if (!time) return ''
  const { year, month, day } = parts(new Date(time))
  return `${year}-${month}-${day}`
}

/** `2026-11-22 09:05`. */
export function minute(time: string | Date | undefined): string {
  if (!time) return ''
  const { hour, minute } = parts(new Date(time))
  return `${day(time)} ${hour}:${minute}`
}

/** `2026-11-22 09:05:30`, for hovering. */
export function second(time: string | Date | undefined): string {
  return time ? `${minute(time)}:${parts(new Date(time)).second}` : ''
}

/** A deadline as `2026-11-22 09:05`, at midnight as `2026-11-21 24:00`. */
export function dueMinute(due: string | undefined): string {
  if (!due) return ''
  const shown = minute(due)
  return shown.endsWith(' 00:00') ? `${lastDay(due)} 24:00` : shown
}

/** The moment of a company's local time `2026-11-22 09:05`, as the API wants it. */
export function moment(local: string): string {
  const meant = Date.parse(`${local.replace(' ', 'T')}:00Z`)
  const offset = Date.parse(`${second(new Date(meant)).replace(' ', 'T')}Z`) - meant
  return new Date(meant - offset).toISOString()
}

export function today(): string {
  return day(new Date())
}

/** The company's day, some calendar days from now. */
export function daysFromNow(count: number): string {
  return day(new Date(Date.now() + count * 86_400_000))
}

/** Calendar days until the last day on which a deadline can be met; negative when it is over. */
export function daysUntil(deadline: string): number {
  return Math.round((Date.parse(lastDay(deadline)) - Date.parse(today())) / 86_400_000)
}

/** The last of the company's days on which a deadline can be met: one at midnight ends the day before. */
export function lastDay(deadline: string): string {
  return day(new Date(Date.parse(deadline) - 1))
}

/** `3 分钟前`, `in 2 days`. */
export function relative(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1000
  const format = new Intl.RelativeTimeFormat(language() === 'zh' ? 'zh-CN' : 'en', {
    numeric: 'auto',
  })
  const steps = [
    [60, 'second', 1],
    [3600, 'minute', 60],
    [86_400, 'hour', 3600],
    [Infinity, 'day', 86_400],
  ] as const
  const step = steps.find(([below]) => Math.abs(seconds) < below) ?? steps[3]
  return format.format(Math.round(seconds / step[2]), step[1])
}
