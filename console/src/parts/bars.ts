import type { EChartsOption, SeriesOption } from 'echarts'
import { COLOURS } from './colours'

export interface Line {
  name: string
  colour: keyof typeof COLOURS
  values: (number | null)[]
  /** On the axis at the right. */
  right?: boolean
  line?: boolean
}

/** Bars side by side or on each other over the same labels, with lines where said. */
export function bars(
  labels: string[],
  lines: Line[],
  stacked = false,
  flat = false,
): EChartsOption {
  const names = { type: 'category' as const, data: labels, axisLabel: { color: '#3f4652' } }
  const figures = { type: 'value' as const, minInterval: 1, axisLabel: { color: '#3f4652' } }
  const right = { ...figures, splitLine: { show: false } }
  const second = lines.some((line) => line.right)
  return {
    aria: { enabled: true },
    textStyle: { fontFamily: 'inherit' },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { show: lines.length > 1, top: 0, textStyle: { color: '#1f2430' } },
    grid: { top: lines.length > 1 ? 34 : 12, left: 8, right: 16, bottom: 4, containLabel: true },
    xAxis: flat ? figures : names,
    yAxis: flat ? { ...names, inverse: true } : second ? [figures, right] : figures,
    series: lines.map((line): SeriesOption => ({
      type: line.line ? 'line' : 'bar',
      name: line.name,
      data: line.values,
      stack: stacked && !line.line ? 'all' : undefined,
      yAxisIndex: line.right ? 1 : 0,
      itemStyle: { color: COLOURS[line.colour] },
      barMaxWidth: 26,
    })),
  }
}
