import { describe, expect, it } from 'vitest'
import { compared, comparedEach, fieldsOf, written } from './compare'

describe('a text beside another', () => {
  it('marks what the other does not have', () => {
    expect(compared('成都蓝海科技有限公司', '成都蓝天科技有限公司')).toEqual([
      { text: '成都蓝', mark: '' },
      { text: '海', mark: 'differs' },
      { text: '科技有限公司', mark: '' },
    ])
  })

  it('leaves out what was ignored, wherever it stands', () => {
    expect(
      compared('毕节市鸣扬传媒有限公司', '徐州市鸣扬传媒股份公司', ['毕节', '有限公司']),
    ).toEqual([
      { text: '毕节', mark: 'ignored' },
      { text: '市鸣扬传媒', mark: '' },
      { text: '有限公司', mark: 'ignored' },
    ])
  })

  it('marks everything beside nothing, and nothing beside the same', () => {
    expect(compared('蓝海', '')).toEqual([{ text: '蓝海', mark: 'differs' }])
    expect(compared('蓝海', '蓝海')).toEqual([{ text: '蓝海', mark: '' }])
    expect(compared('', '蓝海')).toEqual([])
  })

  it('marks all of a text that has next to nothing in common with the other', () => {
    expect(compared('天府大道1700号', '永丰路47号801')).toEqual([
      { text: '天府大道1700号', mark: 'differs' },
    ])
  })

  it('says of each of several whether it is there too', () => {
    expect(comparedEach(['028-1', '139'], ['139'], '、')).toEqual([
      { text: '028-1', mark: 'differs' },
      { text: '、', mark: '' },
      { text: '139', mark: '' },
    ])
  })

  it('counts a rare character as one', () => {
    expect(compared('𠮷野家', '吉野家', ['𠮷'])).toEqual([
      { text: '𠮷', mark: 'ignored' },
      { text: '野家', mark: '' },
    ])
  })
})

describe('the fields of records', () => {
  it('are those that have something, the name first', () => {
    const one = { phones: ['028-1', '139'], full_name: '蓝海', contact: '' }
    const other = { business_address: '永丰路47号', full_name: '' }
    expect(fieldsOf(one, other)).toEqual(['full_name', 'business_address', 'phones'])
    expect(written(one.phones)).toBe('028-1、139')
  })
})
