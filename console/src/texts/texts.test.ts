import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Texts } from './define'

const catalogues = {
  ...import.meta.glob<Texts>('../**/texts.ts', { eager: true, import: 'texts' }),
  ...import.meta.glob<Texts>('./shared.ts', { eager: true, import: 'shared' }),
}
const sources = import.meta.glob(['../**/*.vue', '../**/*.ts', '!../**/*.test.ts'], {
  eager: true,
  query: '?raw',
  import: 'default',
}) as Record<string, string>

function flat(texts: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[path + key, value]]
        : Object.entries(flat(value, `${path}${key}.`)),
    ),
  )
}

function figures(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()
}

describe.each(Object.entries(catalogues))('%s', (_, texts) => {
  const zh = flat(texts.zh)
  const en = flat(texts.en)

  it('says everything in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    expect([...Object.values(zh), ...Object.values(en)].filter((text) => !text.trim())).toEqual([])
  })

  it('puts the same figures into both sentences', () => {
    for (const [key, text] of Object.entries(zh)) {
      expect([key, figures(en[key] ?? '')]).toEqual([key, figures(text)])
    }
  })

  it('has Chinese on one side only', () => {
    expect(Object.values(en).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([])
  })
})

describe('sources', () => {
  it('keep their sentences in catalogues', () => {
    const strays = Object.entries(sources)
      .filter(([path]) => !/(texts|shared)\.ts$/.test(path))
      .flatMap(([path, source]) =>
        source
          .split('\n')
          .filter((line) => /\p{Script=Han}/u.test(line))
          .filter(
            (line) => !/\bzh: |^\s*(\/\/|\*|\/\*)|<!--/.test(line) && !line.includes("'中文'"),
          )
          .map((line) => `${path}: ${line.trim()}`),
      )
    expect(strays).toEqual([])
  })

  it('use only words that a catalogue has', () => {
    const shared = flat((catalogues['./shared.ts'] as Texts).zh)
    for (const [path, source] of Object.entries(sources)) {
      const room = path.slice(0, path.lastIndexOf('/'))
      const own = catalogues[`${room}/texts.ts`]
      const known = { ...shared, ...(own ? flat(own.zh) : {}) }
      const used = [...source.matchAll(/\bt\('([\w.]+)'/g)].map((match) => match[1] ?? '')
      expect([path, used.filter((key) => !(key in known))]).toEqual([path, []])
    }
  })
})

it('the page speaks Chinese before any script has run', () => {
  expect(readFileSync('index.html', 'utf8')).toContain('lang="zh-CN"')
})
