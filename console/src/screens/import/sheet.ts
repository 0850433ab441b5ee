import type { Schemas } from '@/api/client'

export type Form = Schemas['customers.v1.CustomerForm']
export type Field = keyof Form & string

/** A table as it was chosen or pasted: its head and its rows, all as texts. */
export interface Sheet {
  head: string[]
  rows: string[][]
}

/** The most rows of a file: what a page can hold and show. */
export const MOST_ROWS = 20_000

/** The fields of a customer with the heads they are known by; the first of each language is the template's. */
export const FIELDS: { field: Field; zh: string[]; en: string[] }[] = [
  {
    field: 'full_name',
    zh: ['企业全称', '客户名称', '公司名称', '企业名称'],
    en: ['Full name', 'Company', 'Customer'],
  },
  {
    field: 'business_address',
    zh: ['经营地址', '地址', '公司地址'],
    en: ['Business address', 'Address'],
  },
  { field: 'hr_lead', zh: ['HR负责人', '人事负责人'], en: ['HR lead', 'HR'] },
  {
    field: 'phones',
    zh: ['客户电话', '电话', '手机', '联系电话'],
    en: ['Telephones', 'Phones', 'Phone', 'Telephone'],
  },
  { field: 'industry_kind', zh: ['客户类型', '类型'], en: ['Kind', 'Industry kind'] },
  { field: 'category', zh: ['客户类别', '类别'], en: ['Category'] },
  { field: 'contact', zh: ['联系人'], en: ['Contact'] },
  {
    field: 'unified_credit_code',
    zh: ['统一社会信用代码', '信用代码'],
    en: ['Unified credit code', 'Credit code'],
  },
]

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_*：:]/g, '')
}

/** Which field each column holds, by its Chinese or English head or the API's name; empty for none. */
export function mapped(head: string[]): (Field | '')[] {
  const taken = new Set<string>()
  return head.map((title) => {
    const known = FIELDS.find(
      ({ field, zh, en }) =>
        !taken.has(field) && [field, ...zh, ...en].some((name) => plain(name) === plain(title)),
    )
    if (known) taken.add(known.field)
    return known?.field ?? ''
  })
}

/**
 * A row as the form of a customer. Several telephones are parted by commas, semicolons or slashes;
 * `words` gives the API's word for what people write of a kind or category.
 */
export function formOf(row: string[], fields: (Field | '')[], words: Record<string, string>): Form {
  const form: Form = {}
  fields.forEach((field, at) => {
    const text = (row[at] ?? '').trim()
    if (!field || !text) return
    if (field === 'phones')
      form.phones = text
        .split(/[,，;；、/\n]+/)
        .map((one) => one.trim())
        .filter(Boolean)
    else if (field === 'industry_kind' || field === 'category') form[field] = words[text] ?? text
    else form[field] = text
  })
  return form
}

function sheetOf(table: string[][]): Sheet {
  const filled = table.filter((row) => row.some((cell) => cell.trim()))
  const [head = [], ...rows] = filled
  return { head: head.map((title) => title.trim()), rows }
}

/** A table of text as a spreadsheet or a person writes it: commas, tabs or semicolons. */
export async function readText(text: string): Promise<Sheet> {
  const { default: papa } = await import('papaparse')
  return sheetOf(
    papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' }).data,
  )
}

/** The first sheet of an Excel file, or a CSV file in UTF-8 or GB 18030. */
export async function readFile(file: File): Promise<Sheet> {
  if (/\.xlsx$/i.test(file.name)) {
    const { readSheet } = await import('read-excel-file/browser')
    const table = await readSheet(file)
    return sheetOf(table.map((row) => row.map((cell) => written(cell))))
  }
  return readText(decoded(await file.arrayBuffer()))
}

function written(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell)
}

function decoded(content: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return new TextDecoder('gb18030').decode(content)
  }
}
