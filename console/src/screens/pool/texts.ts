import { defineTexts } from '@/texts'

export const texts = defineTexts(
  {
    label: '公海客户',
    name: '客户名称',
    category: '类别',
    arrived: '进入公海时间',
    waiting: '已等待',
    releasers: '放弃人数',
    inCase: '审核中',
    claim: '领取',
  },
  {
    label: 'Customers of the public pool',
    name: 'Customer',
    category: 'Category',
    arrived: 'In the pool since',
    waiting: 'Waiting',
    releasers: 'Released by',
    inCase: 'in review',
    claim: 'Claim',
  },
)
